//! Why a backend denies.

use std::borrow::Cow;

/// A reason of the interface, apart from `OK`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    UnknownSymbol,
    UnknownNetwork,
    UnknownAddress,
    MismatchedName,
    Blacklisted,
    UnverifiedKyc,
    LackOfInformation,
    UnavailableInformation,
    NotAllowed,
    UndefinedError,
}

impl Reason {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownSymbol => "UNKNOWN-SYMBOL",
            Self::UnknownNetwork => "UNKNOWN-NETWORK",
            Self::UnknownAddress => "UNKNOWN-ADDRESS",
            Self::MismatchedName => "MISMATCHED-NAME",
            Self::Blacklisted => "BLACKLISTED",
            Self::UnverifiedKyc => "UNVERIFIED-KYC",
            Self::LackOfInformation => "LACK-OF-INFORMATION",
            Self::UnavailableInformation => "UNAVAILABLE-INFORMATION",
            Self::NotAllowed => "NOT-ALLOWED",
            Self::UndefinedError => "UNDEFINED-ERROR",
        }
    }

    /// The text that goes with the reason when there is nothing particular to say.
    const fn usual_message(self) -> Option<&'static str> {
        match self {
            Self::NotAllowed => Some("Transfers from this VASP are not accepted"),
            Self::UndefinedError => Some("Something went wrong that has no code"),
            _ => None,
        }
    }
}

/// A negative answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denial {
    /// `DENIED`, or `ERROR` where the interface allows it.
    pub(crate) result: &'static str,
    pub(crate) reason: Reason,
    pub(crate) message: Option<Cow<'static, str>>,
}

impl Denial {
    pub(crate) fn of(reason: Reason) -> Self {
        Self { result: "DENIED", reason, message: reason.usual_message().map(Cow::Borrowed) }
    }

    pub(crate) fn because(reason: Reason, message: impl Into<Cow<'static, str>>) -> Self {
        Self { result: "DENIED", reason, message: Some(message.into()) }
    }

    pub(crate) fn error(reason: Reason) -> Self {
        Self { result: "ERROR", ..Self::of(reason) }
    }
}
