//! A case and its screenings.

use chrono::Duration;
use serde_json::Value;
use waybill_domain::Timestamp;

use crate::vendors::ids;
use crate::vendors::magic::{Found, MagicName};

/// Length of the vendor's ids.
pub(super) const ID_LENGTH: usize = 25;

pub(super) struct Case {
    pub(super) system_id: String,
    pub(super) case_id: String,
    pub(super) group_id: String,
    pub(super) name: String,
    pub(super) entity_type: String,
    pub(super) provider_types: Vec<String>,
    pub(super) custom_fields: Value,
    /// As echoed: with nulls.
    pub(super) secondary_fields: Vec<Value>,
    pub(super) screening_state: Value,
    pub(super) created_at: Timestamp,
    pub(super) magic: Option<&'static MagicName>,
    pub(super) screenings: Vec<Screening>,
}

/// One screening of a case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screening {
    pub(super) started_at: Timestamp,
    /// `None`: it never ends.
    pub(super) ends_at: Option<Timestamp>,
    /// It finds nothing that an earlier one had not found.
    pub(super) finds_nothing_new: bool,
}

impl Case {
    /// Starts a screening that takes `delay`.
    pub(super) fn screen(&mut self, now: Timestamp, delay: Duration) {
        let never = self.magic.is_some_and(|magic| magic.found == Found::Never);
        self.screenings.push(Screening {
            started_at: now,
            ends_at: (!never).then(|| now + delay),
            finds_nothing_new: !self.screenings.is_empty(),
        });
    }

    /// The screenings that have ended, with their ends, oldest first.
    pub(super) fn ended(&self, now: Timestamp) -> impl Iterator<Item = (Screening, Timestamp)> {
        let ended = self.screenings.iter().filter_map(|one| Some((*one, one.ends_at?)));
        ended.filter(move |(_, end)| *end <= now)
    }

    pub(super) fn last_screened(&self, now: Timestamp) -> Option<Timestamp> {
        self.ended(now).map(|(_, end)| end).max()
    }

    /// The strengths of what is found, once a screening has ended.
    pub(super) fn strengths(&self, now: Timestamp) -> Vec<&'static str> {
        if self.last_screened(now).is_none() {
            return Vec::new();
        }
        match self.magic.map(|magic| magic.found) {
            Some(Found::Matches(strengths)) => strengths.to_vec(),
            Some(Found::Many(count)) => (0..count)
                .map(|at| ["WEAK", "MEDIUM", "STRONG"][usize::from(at % 7 == 3) + usize::from(at == 801)])
                .collect(),
            Some(Found::LongSummary | Found::NullFields) => vec!["MEDIUM"],
            Some(Found::WideLetters) => vec!["STRONG"],
            Some(Found::Never | Found::MandatoryBirth) | None => Vec::new(),
        }
    }

    /// An id of something that belongs to the case.
    pub(super) fn id_of(&self, what: &str, number: usize) -> String {
        ids::base36(&format!("{} {what} {number}", self.system_id), ID_LENGTH)
    }
}
