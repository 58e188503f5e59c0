//! The longest texts of IVMS101, in characters, and checks of single values.

use crate::countries::is_country;
use crate::finding::{Findings, Rule};
use crate::keys::Key;
use crate::model::Private;
use crate::path::Path;

pub(super) const NAME: usize = 100;
pub(super) const CUSTOMER_IDENTIFICATION: usize = 50;
pub(super) const NATIONAL_IDENTIFIER: usize = 35;
pub(super) const PLACE_OF_BIRTH: usize = 70;
pub(super) const ADDRESS_LINE: usize = 70;
pub(super) const ADDRESS_LINES: usize = 7;
/// `RA` and six digits.
pub(super) const REGISTRATION_AUTHORITY: usize = 8;

/// A text that may be absent.
pub(super) fn text(
    value: &Option<Private<String>>,
    limit: usize,
    path: &Path<'_>,
    key: &Key,
    findings: &mut Findings,
) {
    if let Some(value) = value {
        entry(value, limit, &path.key(key.name), findings);
    }
}

/// A text that must be there.
pub(super) fn mandatory(value: &str, limit: usize, path: &Path<'_>, key: &Key, findings: &mut Findings) {
    let path = path.key(key.name);
    if value.is_empty() {
        findings.missing(&path);
    } else {
        entry(value, limit, &path, findings);
    }
}

/// A text by its own path.
pub(super) fn entry(value: &str, limit: usize, path: &Path<'_>, findings: &mut Findings) {
    if value.chars().count() > limit {
        findings.error(path, Rule::Length, "The text is too long.");
    }
    if value.chars().any(char::is_control) {
        findings.error(path, Rule::Characters, "The text holds control characters.");
    }
}

/// A code that must be there.
pub(super) fn code<T>(value: Option<T>, path: &Path<'_>, key: &Key, findings: &mut Findings) {
    if value.is_none() {
        findings.missing(&path.key(key.name));
    }
}

/// A country that may be absent.
pub(super) fn country(value: &Option<Private<String>>, path: &Path<'_>, key: &Key, findings: &mut Findings) {
    if let Some(value) = value
        && !is_country(value)
    {
        findings.error(&path.key(key.name), Rule::Country, "An ISO 3166-1 alpha-2 code or XX is expected.");
    }
}
