//! The names of a person.

use super::Other;

/// The names of a person, in the three ways in which they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names<Name> {
    /// In Latin letters.
    pub identifiers: Vec<Name>,
    /// In the local script.
    pub local: Vec<Name>,
    /// As they sound.
    pub phonetic: Vec<Name>,
    /// Unknown fields.
    pub other: Other,
}

impl<Name: Default + PartialEq> Names<Name> {
    /// True when there is no name at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
