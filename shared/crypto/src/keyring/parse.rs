//! Reading a keyring from settings, without ever showing a key.

use super::{Keyring, KeyringEntries, KeyringError};

impl Keyring {
    /// Reads `name:base64,name2:base64`, or one `name:base64` a line: the first key seals, all open. Either base64
    /// alphabet, padded or not.
    pub fn parse(settings: &str) -> Result<Self, KeyringError> {
        KeyringEntries::parse(settings)?.into_keyring()
    }
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
        assert_eq!(
            Keyring::parse(&format!("b:{KEY}\na:{KEY}\n")).unwrap().names().collect::<Vec<_>>(),
            ["b", "a"]
        );
    }

    #[test]
    fn every_mistake_has_its_error_and_none_shows_the_key() {
        let cases = [
            (String::new(), KeyringError::Empty),
            ("  ".to_owned(), KeyringError::Empty),
            ("\n \n".to_owned(), KeyringError::Empty),
            (KEY.to_owned(), KeyringError::NoName(1)),
            (format!("a:{KEY},{KEY}"), KeyringError::NoName(2)),
            (format!("a:{KEY},"), KeyringError::NoName(2)),
            (format!(":{KEY}"), KeyringError::BadName(1)),
            (format!("A:{KEY}"), KeyringError::BadName(1)),
            (format!("a_b:{KEY}"), KeyringError::BadName(1)),
            (format!("seventeen-letters:{KEY}"), KeyringError::BadName(1)),
            (format!("a:{KEY},a:{KEY}"), KeyringError::DuplicateName(2)),
            ("a:!!".to_owned(), KeyringError::BadKey(1, KeyError::NotBase64)),
            (format!("{KEY}:a"), KeyringError::BadName(1)),
            ("a:AAEC".to_owned(), KeyringError::BadKey(1, KeyError::WrongLength)),
        ];
        for (settings, error) in cases {
            let got = Keyring::parse(&settings).err();
            assert_eq!(got, Some(error), "{settings}");
            assert!(!error.to_string().contains("AAEC"));
        }
    }
}
