//! Why a signed message is refused.

use http::HeaderName;
use waybill_domain::{Fault, Timestamp, codes};

/// A fault of a signed message, about in the order in which they are looked for. Quotes nothing that the sender wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// A header is absent.
    #[error("the header {0} is missing")]
    Missing(HeaderName),
    /// A header occurs twice or is not of its form.
    #[error("the header {0} is not readable")]
    Unparsable(HeaderName),
    /// Another version of the protocol, or none said.
    #[error("the protocol version is not supported")]
    UnsupportedVersion,
    /// The signature covers other parts than it must, or is made for another purpose.
    #[error("the signature does not cover exactly the parts that it must")]
    NotCovered,
    /// The response is from somebody else, or for somebody else, or for another request.
    #[error("the response does not belong to the request")]
    OtherExchange,
    /// `content-digest` is not that of the body.
    #[error("the digest does not fit the body")]
    WrongDigest,
    /// Made too long ago, or in the future; most often a wrong clock.
    #[error("the signature of {created} is too far from our time {now}")]
    Stale {
        /// When it says that it was made.
        created: Timestamp,
        /// When we looked.
        now: Timestamp,
    },
    /// The sender has no such key now.
    #[error("the signing key is not one of the sender's")]
    UnknownKey,
    /// The signature does not verify.
    #[error("the signature is wrong")]
    BadSignature,
}

impl From<&SignatureFault> for Fault {
    /// What the sender of a refused request is told. `OtherExchange` concerns responses only.
    fn from(fault: &SignatureFault) -> Self {
        match fault {
            SignatureFault::Missing(_) | SignatureFault::Unparsable(_) => codes::signature_missing(),
            SignatureFault::UnsupportedVersion => codes::unsupported_protocol_version(),
            SignatureFault::WrongDigest => codes::digest_mismatch(),
            SignatureFault::Stale { .. } => codes::stale_request(),
            SignatureFault::UnknownKey => codes::identity_key_not_valid(),
            SignatureFault::NotCovered | SignatureFault::OtherExchange | SignatureFault::BadSignature => {
                codes::signature_invalid()
            }
        }
    }
}
