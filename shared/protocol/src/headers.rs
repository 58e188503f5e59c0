//! Names of the headers between nodes.

use http::HeaderName;

/// Digest of the body, RFC 9530.
pub const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
/// Version of the protocol, a number.
pub const PROTOCOL: HeaderName = HeaderName::from_static("waybill-protocol");
/// VASP id of who sends this message; in a response, of who answers.
pub const SENDER: HeaderName = HeaderName::from_static("waybill-sender");
/// VASP id of whom this message is for.
pub const RECIPIENT: HeaderName = HeaderName::from_static("waybill-recipient");
/// UUID of the message, fresh for each attempt; a response repeats it.
pub const MESSAGE_ID: HeaderName = HeaderName::from_static("waybill-message-id");
/// What is signed and how, RFC 9421.
pub const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
/// The signature, RFC 9421.
pub const SIGNATURE: HeaderName = HeaderName::from_static("signature");
