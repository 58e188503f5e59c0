//! What the keys of a ring may be called.

use super::KeyringError;

/// Names are `[a-z0-9-]{1,16}`, each used once, and there is at least one.
pub(super) fn check_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), KeyringError> {
    let mut seen = Vec::new();
    for (at, name) in names.enumerate() {
        let well_formed = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !well_formed || name.is_empty() || name.len() > 16 {
            return Err(KeyringError::BadName(at + 1));
        }
        if seen.contains(&name) {
            return Err(KeyringError::DuplicateName(at + 1));
        }
        seen.push(name);
    }
    if seen.is_empty() { Err(KeyringError::Empty) } else { Ok(()) }
}
