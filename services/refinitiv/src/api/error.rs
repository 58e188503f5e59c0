//! Why the vendor did not do what it was asked.

use waybill_vendors::VendorError;

use super::refusal::Refusal;

/// Holds nothing personal.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum ApiError {
    /// No usable answer.
    #[error(transparent)]
    Vendor(#[from] VendorError),
    /// 401, our clock being right: the key, the secret, or something on the way that alters requests.
    #[error("the vendor does not accept the API key")]
    Unauthorized,
    /// 403. For what creates or screens: the screenings of this hour are used up.
    #[error("the vendor denies it, as when the screenings of an hour are used up")]
    Denied,
    /// Another 4xx.
    #[error("the vendor refuses the request ({})", .0.reason())]
    Refused(Refusal),
}

impl ApiError {
    /// The vendor does not know what was named.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 404)
    }
}
