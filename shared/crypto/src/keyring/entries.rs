//! The text of a keyring: `name:key` after `name:key`, before anybody looks into the keys.

use std::fmt;

use zeroize::Zeroizing;

use super::names::check_names;
use super::{Keyring, KeyringError};
use crate::text;

/// The entries of a keyring as an operator wrote them. A key may be 32 bytes in base64, or something from which another
/// system makes them: a wrapped key, or the name of one. No `Debug` of keys.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyringEntries(Vec<KeyringEntry>);

/// One named key, still as text.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyringEntry {
    /// Its name, `[a-z0-9-]{1,16}`.
    pub name: String,
    /// The key, or what stands for it.
    pub key: Zeroizing<String>,
}

impl KeyringEntries {
    /// Reads entries that are separated by commas or by the ends of lines; empty lines do not count.
    ///
    /// # Errors
    /// [`KeyringError`] when there is no entry, one has no name, or a name is unusable or there twice.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let entries = lines.flat_map(|line| line.split(',')).enumerate();
        Self::new(entries.map(|(at, entry)| parse_entry(at + 1, entry)).collect::<Result<_, _>>()?)
    }

    /// A list of entries; the first seals.
    ///
    /// # Errors
    /// As [`KeyringEntries::parse`].
    pub fn new(entries: Vec<KeyringEntry>) -> Result<Self, KeyringError> {
        check_names(entries.iter().map(|entry| entry.name.as_str()))?;
        Ok(Self(entries))
    }

    /// The entries, the sealing one first.
    pub fn entries(&self) -> &[KeyringEntry] {
        &self.0
    }

    /// Their names, the sealing one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|entry| entry.name.as_str())
    }

    /// One entry a line, as [`KeyringEntries::parse`] reads it.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::new());
        for entry in &self.0 {
            for part in [&entry.name, ":", entry.key.as_str(), "\n"] {
                text.push_str(part);
            }
        }
        text
    }

    /// The ring, for entries that hold the keys themselves: 32 bytes in either base64 alphabet, padded or not.
    ///
    /// # Errors
    /// [`KeyringError::BadKey`].
    pub fn into_keyring(self) -> Result<Keyring, KeyringError> {
        let decode = |(at, entry): (usize, KeyringEntry)| {
            let key = text::decode_32_lenient(&entry.key).map_err(|why| KeyringError::BadKey(at + 1, why))?;
            Ok((entry.name, key))
        };
        Keyring::build(self.0.into_iter().enumerate().map(decode).collect::<Result<_, _>>()?)
    }
}

/// Shows names only.
impl fmt::Debug for KeyringEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyringEntries")
            .field("names", &self.names().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

fn parse_entry(number: usize, entry: &str) -> Result<KeyringEntry, KeyringError> {
    let (name, key) = entry.split_once(':').ok_or(KeyringError::NoName(number))?;
    Ok(KeyringEntry { name: name.trim().to_owned(), key: Zeroizing::new(key.trim().to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, key: &str) -> KeyringEntry {
        KeyringEntry { name: name.to_owned(), key: Zeroizing::new(key.to_owned()) }
    }

    #[test]
    fn commas_and_lines_separate_entries() {
        let expected = [entry("b", "arn:aws:kms:eu:1:key/x"), entry("a", "KEY=")];
        for text in [
            "b:arn:aws:kms:eu:1:key/x,a:KEY=",
            "b: arn:aws:kms:eu:1:key/x\n\na:KEY=\n",
            " b:arn:aws:kms:eu:1:key/x\r\na:KEY=\r\n",
        ] {
            let entries = KeyringEntries::parse(text).unwrap();
            assert_eq!(entries.entries().len(), 2, "{text:?}");
            assert!(entries.entries() == expected, "{text:?}");
            assert_eq!(*entries.to_text(), "b:arn:aws:kms:eu:1:key/x\na:KEY=\n");
            assert!(KeyringEntries::parse(&entries.to_text()).unwrap() == entries);
        }
    }

    #[test]
    fn names_are_shown_and_keys_are_not() {
        let entries = KeyringEntries::parse("b:secret,a:secret").unwrap();
        assert_eq!(format!("{entries:?}"), r#"KeyringEntries { names: ["b", "a"], .. }"#);
    }
}
