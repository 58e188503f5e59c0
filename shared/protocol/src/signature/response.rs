//! Signing a response, and checking one. Its signature covers that of the request.

use http::header::DATE;
use http::{HeaderMap, StatusCode};
use waybill_crypto::{IdentityKey, VerifyingKey};
use waybill_domain::{Timestamp, VaspId};

use super::base::SignatureBase;
use super::envelope::{self, Envelope};
use super::input::{self, SignatureInput};
use super::{Exchange, SignatureFault};
use crate::ProtocolVersion;
use crate::digest;

/// What a response's signature covers.
const COVERED: &str = "(\"@status\" \"content-digest\" \"waybill-protocol\" \"waybill-sender\" \"waybill-recipient\" \
                       \"waybill-message-id\" \"signature\";req;key=\"waybill\")";

/// The request's signature within that of the response.
const REQUEST_SIGNATURE: &str = "\"signature\";req;key=\"waybill\"";

/// Signs a response of `ours` in `exchange`, also a refusal. Gives all headers to send: the content type, and a `Date`
/// by our clock, so that a sender whose clock is wrong can see by how much.
pub fn sign_response(
    exchange: &Exchange,
    ours: VaspId,
    status: StatusCode,
    body: &[u8],
    identity: &IdentityKey,
    created: Timestamp,
) -> HeaderMap {
    let mut headers = Envelope {
        version: ProtocolVersion::CURRENT,
        sender: ours,
        recipient: exchange.sender,
        message_id: exchange.message_id,
        digest: digest::of(body),
    }
    .to_headers();
    envelope::insert(&mut headers, DATE, &created.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    let input = SignatureInput::new(COVERED, identity.key_id(), created);
    // Cannot fail: all covered headers were inserted just now.
    let base = signature_base(exchange, status, &headers, &input.text).unwrap();
    input.insert(&identity.sign(&base), &mut headers);
    headers
}

/// Checks that a response comes from whom we asked, answers this very request, and has not been altered.
///
/// # Errors
/// The first fault in the order of [`SignatureFault`].
pub fn verify_response(
    exchange: &Exchange,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    find_key: impl Fn(VaspId, &str) -> Option<VerifyingKey>,
    now: Timestamp,
) -> Result<(), SignatureFault> {
    let signature = input::read_signature(headers)?;
    let envelope = Envelope::read(headers)?;
    let input = SignatureInput::read(headers, COVERED)?;
    let Exchange { sender, recipient, message_id, .. } = *exchange;
    if (envelope.sender, envelope.recipient, envelope.message_id) != (recipient, sender, message_id) {
        return Err(SignatureFault::OtherExchange);
    }
    if envelope.digest != digest::of(body) {
        return Err(SignatureFault::WrongDigest);
    }
    input.check_age(now)?;
    let key = find_key(envelope.sender, &input.key_id).ok_or(SignatureFault::UnknownKey)?;
    let base = signature_base(exchange, status, headers, &input.text)?;
    key.verify(&base, &signature).map_err(|_| SignatureFault::BadSignature)
}

fn signature_base(
    exchange: &Exchange,
    status: StatusCode,
    headers: &HeaderMap,
    params: &str,
) -> Result<Vec<u8>, SignatureFault> {
    let mut base = SignatureBase::default();
    base.line("\"@status\"", status.as_str());
    Envelope::add_lines(headers, &mut base)?;
    base.line(REQUEST_SIGNATURE, &input::byte_sequence(&exchange.signature));
    Ok(base.finish(params))
}
