//! Why the vendor's answer does not lead on.

use waybill_vendors::VendorError;

/// Nothing of the vendor's words but the message of a refusal, which is one line of bounded length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum KytError {
    /// No answer that can be used.
    #[error(transparent)]
    Vendor(#[from] VendorError),
    /// The key is refused.
    #[error("the vendor refuses the key")]
    Denied(String),
    /// It does not know the registration.
    #[error("the vendor does not know the registration")]
    NotFound,
    /// It refuses the request.
    #[error("the vendor refuses the request")]
    Refused(String),
    /// The answer is about another registration.
    #[error("the vendor answers about another registration")]
    AnotherRegistration,
}
