//! Reading a keyring from settings, without ever showing a key.

use zeroize::Zeroizing;

use super::Keyring;
use crate::KeyError;
use crate::text;

/// Why a keyring cannot be made. Counts entries from 1 and never repeats them: a slip of the pen may put a key anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// No key at all.
    #[error("the keyring has no key")]
    Empty,
    /// No colon between name and key.
    #[error("key {0} of the keyring must have the form name:base64")]
    NoName(usize),
    /// A name outside `[a-z0-9-]{1,16}`.
    #[error("the name of key {0} of the keyring must be 1 to 16 of the characters a-z, 0-9 and -")]
    BadName(usize),
    /// Two keys with one name: a ciphertext would not say which one opens it.
    #[error("the name of key {0} of the keyring is used twice")]
    DuplicateName(usize),
    /// Not a key of 32 bytes.
    #[error("key {0} of the keyring is unusable: {1}")]
    BadKey(usize, KeyError),
}

impl Keyring {
    /// Reads `name:base64,name2:base64`: the first key seals, all open. Either base64 alphabet, padded or not.
    pub fn parse(settings: &str) -> Result<Self, KeyringError> {
        if settings.trim().is_empty() {
            return Err(KeyringError::Empty);
        }
        let entries = settings.split(',').enumerate();
        Self::build(entries.map(|(at, entry)| parse_entry(at + 1, entry)).collect::<Result<_, _>>()?)
    }
}

fn parse_entry(number: usize, entry: &str) -> Result<(String, Zeroizing<[u8; 32]>), KeyringError> {
    let (name, key) = entry.split_once(':').ok_or(KeyringError::NoName(number))?;
    let key = text::decode_32_lenient(key).map_err(|why| KeyringError::BadKey(number, why))?;
    Ok((name.trim().to_owned(), key))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn one_or_more_keys() {
        assert!(Keyring::parse(&format!("2026-a:{KEY}")).is_ok());
        assert!(Keyring::parse(&format!("b:{KEY}, a:{KEY}\n")).is_ok());
    }

    #[test]
    fn every_mistake_has_its_error_and_none_shows_the_key() {
        let cases = [
            (String::new(), KeyringError::Empty),
            ("  ".to_owned(), KeyringError::Empty),
            (KEY.to_owned(), KeyringError::NoName(1)),
            (format!("a:{KEY},{KEY}"), KeyringError::NoName(2)),
            (format!("a:{KEY},"), KeyringError::NoName(2)),
            (format!(":{KEY}"), KeyringError::BadName(1)),
            (format!("A:{KEY}"), KeyringError::BadName(1)),
            (format!("a_b:{KEY}"), KeyringError::BadName(1)),
            (format!("seventeen-letters:{KEY}"), KeyringError::BadName(1)),
            (format!("a:{KEY},a:{KEY}"), KeyringError::DuplicateName(2)),
            ("a:!!".to_owned(), KeyringError::BadKey(1, KeyError::NotBase64)),
            (format!("{KEY}:a"), KeyringError::BadKey(1, KeyError::NotBase64)),
            ("a:AAEC".to_owned(), KeyringError::BadKey(1, KeyError::WrongLength)),
        ];
        for (settings, error) in cases {
            let got = Keyring::parse(&settings).err();
            assert_eq!(got, Some(error), "{settings}");
            assert!(!error.to_string().contains("AAEC"));
        }
    }
}
