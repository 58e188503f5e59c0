//! How widely one encryption key is shared.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::IdError;

/// Scope of the beneficiary's key that seals a message; the originator chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyType {
    /// One pair for the whole VASP: quickest, weakest isolation.
    PerVasp,
    /// One pair for each beneficiary address. `PerEoa` is its old name.
    #[serde(alias = "PerEoa")]
    PerAddress,
    /// A fresh pair for each request, never cached.
    PerVerification,
}

impl KeyType {
    /// The name on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PerVasp => "PerVasp",
            Self::PerAddress => "PerAddress",
            Self::PerVerification => "PerVerification",
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyType {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "PerVasp" => Ok(Self::PerVasp),
            "PerAddress" | "PerEoa" => Ok(Self::PerAddress),
            "PerVerification" => Ok(Self::PerVerification),
            _ => Err(IdError),
        }
    }
}
