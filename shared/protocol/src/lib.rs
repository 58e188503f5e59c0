//! The messages between nodes and their signatures; no IO.
//!
//! `docs/PROTOCOL.md` describes the same for other implementations; `tests/vectors.json` holds worked examples.
#![deny(missing_docs)]

mod aad;
mod body;
pub mod digest;
pub mod headers;
mod hidden;
pub mod messages;
mod seal;
mod signature;
mod version;

pub use aad::{Part, SealContext};
pub use body::{MAX_BODY_BYTES, parse_body};
pub use hidden::Hidden;
pub use seal::{OpenMessageError, SealMessageError, open_message, seal_message};
pub use signature::{
    Exchange, RequestParts, SIGNATURE_WINDOW, SignatureFault, SignedRequest, VerifiedRequest, sign_request,
    sign_response, verify_request, verify_response,
};
pub use version::ProtocolVersion;
