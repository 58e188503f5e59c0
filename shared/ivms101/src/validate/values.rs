//! Checks of single values.

use std::borrow::Cow;

use crate::finding::Rule;
use crate::findings::Findings;
use crate::keys::Key;
use crate::model::Private;
use crate::path::Path;
use crate::profile::Profile;
use crate::tables::countries::is_country;

/// In which letters a text is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// Latin letters, as the editions of the standard want most texts.
    Latin,
    /// Any: names in the local script, and account numbers.
    Any,
}

/// A Latin text that may be absent.
pub(super) fn text(
    value: &Option<Private<String>>,
    limit: usize,
    path: &Path<'_>,
    key: &Key,
    findings: &mut Findings,
) {
    if let Some(value) = value {
        entry(value, limit, Script::Latin, &path.key(key.name), findings);
    }
}

/// A Latin text that must be there.
pub(super) fn mandatory(value: &str, limit: usize, path: &Path<'_>, key: &Key, findings: &mut Findings) {
    mandatory_in(Script::Latin, value, limit, &path.key(key.name), findings);
}

/// A text that must be there, by its own path.
pub(super) fn mandatory_in(
    script: Script,
    value: &str,
    limit: usize,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    if value.is_empty() {
        findings.missing(path);
    } else {
        entry(value, limit, script, path, findings);
    }
}

/// A text by its own path.
pub(super) fn entry(value: &str, limit: usize, script: Script, path: &Path<'_>, findings: &mut Findings) {
    // A character has at least one byte: most texts need not be counted.
    if value.len() > limit {
        let length = value.chars().count();
        if length > limit {
            let text = format!("The text has {length} characters; at most {limit} are allowed.");
            findings.broken(path, Rule::Length, text);
        }
    }
    let plain = value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if !plain && value.chars().any(char::is_control) {
        findings.broken(
            path,
            Rule::Characters,
            "The text holds control characters, such as a line break or a tab.",
        );
    } else if script == Script::Latin
        && let Some(text) = outside_pattern(value, plain, findings.profile)
    {
        findings.broken(path, Rule::Pattern, text);
    }
}

/// What the edition has against the letters of a text.
fn outside_pattern(value: &str, plain: bool, profile: Profile) -> Option<&'static str> {
    let of_2020 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'\'' || byte == b' ';
    match profile {
        Profile::Ivms2020 if !value.bytes().all(of_2020) => Some(
            "The 2020 edition provides for letters A to Z, digits, apostrophe and space only. Most counterparties take \
             more; a strict one refuses it.",
        ),
        Profile::Ivms2023 if !plain => Some(
            "The 2023 edition wants this text in basic Latin letters (printable ASCII), transliterated or translated; \
             the original script belongs into `localNameIdentifier`.",
        ),
        _ => None,
    }
}

/// A value that must be there, and was checked when it was read.
pub(super) fn present<T>(value: Option<T>, path: &Path<'_>, key: &Key, findings: &mut Findings) {
    if value.is_none() {
        findings.missing(&path.key(key.name));
    }
}

/// A country that may be absent.
pub(super) fn country(value: &Option<Private<String>>, path: &Path<'_>, key: &Key, findings: &mut Findings) {
    if let Some(value) = value {
        known_country(value, &path.key(key.name), findings);
    }
}

/// A country that must be there.
pub(super) fn mandatory_country(value: &str, path: &Path<'_>, key: &Key, findings: &mut Findings) {
    let path = path.key(key.name);
    if value.is_empty() {
        findings.missing(&path);
    } else {
        known_country(value, &path, findings);
    }
}

fn known_country(code: &str, path: &Path<'_>, findings: &mut Findings) {
    if !is_country(code) {
        let text = "A country is given by the two letters of ISO 3166-1 (alpha-2), such as KR, or XX where it is unknown.";
        findings.broken(path, Rule::Country, Cow::Borrowed(text));
    }
}
