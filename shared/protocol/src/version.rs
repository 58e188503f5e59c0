//! Versions of the protocol.

use std::fmt;
use std::str::FromStr;

/// A version of the protocol that this node speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProtocolVersion(u16);

/// A version that this node does not speak, or no number at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the protocol version is not supported")]
pub struct UnsupportedVersion;

impl ProtocolVersion {
    /// The version that this node sends.
    pub const CURRENT: Self = Self(1);

    /// The versions that this node accepts: the current one and, once there is one, the one before.
    pub const ACCEPTED: &[Self] = &[Self::CURRENT];
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ProtocolVersion {
    type Err = UnsupportedVersion;

    fn from_str(text: &str) -> Result<Self, UnsupportedVersion> {
        Self::ACCEPTED.iter().copied().find(|version| version.to_string() == text).ok_or(UnsupportedVersion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_accepted_versions_are_read() {
        assert_eq!("1".parse(), Ok(ProtocolVersion::CURRENT));
        for bad in ["", "0", "2", "01", "1.0", " 1", "99999999999"] {
            assert_eq!(bad.parse::<ProtocolVersion>(), Err(UnsupportedVersion), "{bad}");
        }
        assert!(ProtocolVersion::ACCEPTED.contains(&ProtocolVersion::CURRENT));
    }
}
