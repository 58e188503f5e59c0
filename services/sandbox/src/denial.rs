//! A negative answer.

use std::borrow::Cow;

use waybill_domain::{VerificationResult, reason};

/// Why a backend says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denial {
    /// `DENIED`, or `ERROR` where the interface allows it.
    pub(crate) result: VerificationResult,
    /// One of `waybill_domain::reason`.
    pub(crate) reason: &'static str,
    pub(crate) message: Option<Cow<'static, str>>,
}

impl Denial {
    pub(crate) fn of(reason: &'static str) -> Self {
        let message = usual_message(reason).map(Cow::Borrowed);
        Self { result: VerificationResult::Denied, reason, message }
    }

    pub(crate) fn because(reason: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: Some(message.into()), ..Self::of(reason) }
    }

    pub(crate) fn error(reason: &'static str) -> Self {
        Self { result: VerificationResult::Error, ..Self::of(reason) }
    }
}

/// The text that goes with a reason when there is nothing particular to say.
fn usual_message(reason: &str) -> Option<&'static str> {
    match reason {
        reason::NOT_ALLOWED => Some("Transfers from this VASP are not accepted"),
        reason::UNDEFINED_ERROR => Some("Something went wrong that has no code"),
        _ => None,
    }
}
