//! The kinds of message.

use std::fmt;
use std::str::FromStr;

use waybill_domain::UnknownName;

/// A kind of message; its name is the last segment of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageType {
    /// Asks for an encryption key.
    Keys,
    /// Asks whether an account belongs to a customer.
    Accounts,
    /// Asks to verify the beneficiary of a transfer.
    Verifications,
    /// Answers a verification that was accepted earlier.
    Answers,
    /// Reports a transaction.
    Transactions,
    /// Reports that the transfer will not happen.
    Errors,
    /// Asks where a transfer stands.
    Inquiries,
    /// Tells that a verification expired.
    Expiries,
}

impl MessageType {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Keys,
        Self::Accounts,
        Self::Verifications,
        Self::Answers,
        Self::Transactions,
        Self::Errors,
        Self::Inquiries,
        Self::Expiries,
    ];

    /// The last segment of the path; also its name in associated data.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Accounts => "accounts",
            Self::Verifications => "verifications",
            Self::Answers => "answers",
            Self::Transactions => "transactions",
            Self::Errors => "errors",
            Self::Inquiries => "inquiries",
            Self::Expiries => "expiries",
        }
    }

    /// The path below a member's endpoint.
    pub fn path(self) -> String {
        format!("/peer/v1/{}", self.as_str())
    }
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MessageType {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or(UnknownName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for kind in MessageType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(kind.path(), format!("/peer/v1/{kind}"));
        }
        assert_eq!("Keys".parse::<MessageType>(), Err(UnknownName));
    }
}
