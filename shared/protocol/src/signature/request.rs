//! Signing a request, and checking one.

use http::{HeaderMap, Method};
use uuid::Uuid;
use waybill_crypto::{IdentityKey, VerifyingKey};
use waybill_domain::{Timestamp, VaspId};

use super::base::SignatureBase;
use super::envelope::Envelope;
use super::input::{self, SignatureInput};
use super::{Exchange, SignatureFault};
use crate::ProtocolVersion;
use crate::digest::{self, BodyDigest};

/// What a request's signature covers.
const COVERED: &str = "(\"@method\" \"@path\" \"content-digest\" \"waybill-protocol\" \"waybill-sender\" \
                       \"waybill-recipient\" \"waybill-message-id\")";

/// What there is to a request besides its body.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    /// HTTP method.
    pub method: &'a Method,
    /// Path of the URL, that of the member's endpoint included, without query.
    pub path: &'a str,
    /// Who sends: ourselves.
    pub sender: VaspId,
    /// Whom it is for.
    pub recipient: VaspId,
    /// A fresh id for each attempt.
    pub message_id: Uuid,
}

/// A signed request, ready to be sent.
#[derive(Debug, Clone)]
pub struct SignedRequest {
    /// All headers to send, the content type included.
    pub headers: HeaderMap,
    /// To be kept for checking the response.
    pub exchange: Exchange,
}

/// A request whose signature is good. The caller still checks that it is for this VASP, and not a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedRequest {
    /// Version that the sender speaks.
    pub version: ProtocolVersion,
    /// Who sent it; proven.
    pub sender: VaspId,
    /// Whom it is for; to be compared with our own id.
    pub recipient: VaspId,
    /// Id of this attempt; with the sender and the digest it shows replays.
    pub message_id: Uuid,
    /// When it was signed.
    pub created: Timestamp,
    /// SHA-256 of the body.
    pub digest: BodyDigest,
    /// Which key of the sender signed.
    pub key_id: String,
    /// For signing the response.
    pub exchange: Exchange,
}

/// Signs a request as `identity` at `created` (cut to seconds).
pub fn sign_request(
    parts: &RequestParts<'_>,
    body: &[u8],
    identity: &IdentityKey,
    created: Timestamp,
) -> SignedRequest {
    let RequestParts { method, path, sender, recipient, message_id } = *parts;
    let version = ProtocolVersion::CURRENT;
    let mut headers =
        Envelope { version, sender, recipient, message_id, digest: digest::of(body) }.to_headers();
    let input = SignatureInput::new(COVERED, identity.key_id(), created);
    // Cannot fail: all covered headers were inserted just now.
    let base = signature_base(method, path, &headers, &input.text).unwrap();
    let signature = identity.sign(&base).to_vec();
    input.insert(&signature, &mut headers);
    SignedRequest { headers, exchange: Exchange { sender, recipient, message_id, signature } }
}

/// Checks the signature of a request. `find_key` gives a sender's identity key by its id, if it is valid now.
///
/// # Errors
/// The first fault in the order of [`SignatureFault`].
pub fn verify_request(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
    find_key: impl Fn(VaspId, &str) -> Option<VerifyingKey>,
    now: Timestamp,
) -> Result<VerifiedRequest, SignatureFault> {
    let signature = input::read_signature(headers)?;
    let Envelope { version, sender, recipient, message_id, digest } = Envelope::read(headers)?;
    let input = SignatureInput::read(headers, COVERED)?;
    if digest != digest::of(body) {
        return Err(SignatureFault::WrongDigest);
    }
    input.check_age(now)?;
    let key = find_key(sender, &input.key_id).ok_or(SignatureFault::UnknownKey)?;
    let base = signature_base(method, path, headers, &input.text)?;
    key.verify(&base, &signature).map_err(|_| SignatureFault::BadSignature)?;
    let exchange = Exchange { sender, recipient, message_id, signature };
    let SignatureInput { created, key_id, .. } = input;
    Ok(VerifiedRequest { version, sender, recipient, message_id, created, digest, key_id, exchange })
}

fn signature_base(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    params: &str,
) -> Result<Vec<u8>, SignatureFault> {
    let mut base = SignatureBase::default();
    base.line("\"@method\"", method.as_str());
    base.line("\"@path\"", if path.is_empty() { "/" } else { path });
    Envelope::add_lines(headers, &mut base)?;
    Ok(base.finish(params))
}
