//! What a reader carries along.

use chrono::NaiveDate;

use super::habits::Habits;
use crate::finding::Rule;
use crate::findings::Findings;
use crate::model::Other;
use crate::path::{Path, field_name};
use crate::profile::Profile;

/// What has been remarked and noticed so far.
#[derive(Default)]
pub(super) struct Reading {
    /// What has to be said.
    pub(super) findings: Findings,
    /// How the document is written.
    pub(super) habits: Habits,
}

impl Reading {
    /// By the rules of a profile, on the day `today`.
    pub(super) fn by(profile: Profile, today: Option<NaiveDate>) -> Self {
        Self { findings: Findings::by(profile, today), ..Self::default() }
    }

    /// Reports a field that stands twice.
    pub(super) fn twice(&mut self, path: &Path<'_>, same_value: bool) {
        if same_value {
            self.findings.warning(path, Rule::Duplicate, "The field stands twice, with the same value.");
        } else {
            let text = "The field stands twice, with different values; only the first was read.";
            self.findings.error(path, Rule::Duplicate, text);
        }
    }

    /// Reports unknown fields that have no place in the model.
    pub(super) fn unplaced(&mut self, other: &Other, path: &Path<'_>) {
        for name in other.keys() {
            let text = "The field has no place here; it is left out.";
            self.findings.error(&path.key(field_name(name)), Rule::Unplaced, text);
        }
    }
}
