//! Reading a keyring from settings, without ever showing a key.

use zeroize::Zeroizing;

use super::{Keyring, KeyringError};
use crate::text;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyError;

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
