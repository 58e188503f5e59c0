//! Identifiers, each a type of its own so that none is mistaken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// Text that is not a valid identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid identifier")]
pub struct IdError;

/// Id of a VASP: unsigned 64 bits, larger than `i64::MAX` in practice. Always a decimal string outside the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VaspId(u64);

impl VaspId {
    /// Wraps a number.
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for VaspId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for VaspId {
    type Err = IdError;

    /// Plain decimal only: no sign, no leading zero, so that each id has one spelling.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let value: u64 = text.parse().map_err(|_| IdError)?;
        if value.to_string() == text { Ok(Self(value)) } else { Err(IdError) }
    }
}

impl Serialize for VaspId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for VaspId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Id of a verification, the same on both sides. UUID, hyphenated lower case outside the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VerificationUuid(Uuid);

impl VerificationUuid {
    /// Makes a version-4 id from 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// The raw id.
    pub const fn get(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for VerificationUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl FromStr for VerificationUuid {
    type Err = IdError;

    /// Hyphenated form, either case; braces and URNs are refused.
    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.len() != 36 {
            return Err(IdError);
        }
        Uuid::try_parse(text).map(Self).map_err(|_| IdError)
    }
}

/// Id of a command: 63 bits, ordered by time of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommandId(i64);

impl CommandId {
    /// Wraps a number.
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CommandId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse().map(Self).map_err(|_| IdError)
    }
}

/// Public name of an API key: what logs and the audit may show.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiKeyId(pub String);

impl fmt::Display for ApiKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vasp_ids_above_i64_survive_json() {
        let id: VaspId = "15952089931162059995".parse().unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"15952089931162059995\"");
        assert_eq!(serde_json::from_str::<VaspId>(&json).unwrap(), id);
    }

    #[test]
    fn vasp_ids_have_one_spelling() {
        for bad in ["", "+1", "-1", "01", " 1", "18446744073709551616", "1.0", "0x1"] {
            assert_eq!(bad.parse::<VaspId>(), Err(IdError), "{bad:?}");
        }
        assert!(serde_json::from_str::<VaspId>("1").is_err(), "a JSON number loses digits in many clients");
    }

    #[test]
    fn verification_uuids_are_hyphenated() {
        let id = VerificationUuid::from_random([7; 16]);
        assert_eq!(id.to_string().parse::<VerificationUuid>(), Ok(id));
        assert!(id.get().simple().to_string().parse::<VerificationUuid>().is_err());
    }
}
