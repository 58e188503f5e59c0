//! What may be wrong with a keyring or with a sealed value.

use crate::KeyError;

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

/// Why a sealed value does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not of the form `name.base64url`.
    #[error("the sealed value is malformed")]
    Malformed,
    /// Sealed with a key that the ring lacks.
    #[error("the sealed value needs the key {0:?}, which the keyring lacks")]
    UnknownKey(String),
    /// Altered, moved from another place, or sealed with another key of the same name.
    #[error("the sealed value is not authentic in this place")]
    NotAuthentic,
}
