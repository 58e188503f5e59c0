//! Signatures of requests and responses: HTTP Message Signatures (RFC 9421) with Ed25519.

mod base;
mod envelope;
mod exchange;
mod fault;
mod fields;
mod input;
mod request;
mod response;

pub use exchange::Exchange;
pub use fault::SignatureFault;
pub use request::{RequestParts, SignedRequest, VerifiedRequest, sign_request, verify_request};
pub use response::{sign_response, verify_response};

/// How far a signature's time may be from ours, in either direction.
pub const SIGNATURE_WINDOW: chrono::TimeDelta = chrono::TimeDelta::seconds(300);
