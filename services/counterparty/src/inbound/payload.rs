//! Sealed payloads: opening what came, sealing what goes back.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use waybill_crypto::EncryptionPublicKey;
use waybill_domain::{Fault, KeyType, VerificationUuid, codes, limits};
use waybill_ivms101::{Finding, first_fault};
use waybill_protocol::messages::{ReplyKey, Sealed};
use waybill_protocol::{SealContext, seal_message};
use waybill_store::tables::own_keys;
use waybill_store::{StoreError, Tx};

use super::{Listener, Message};
use crate::peers::open_sealed;

const LONGEST_KEY_ID: usize = 64;
/// What may stand around the persons of a payload: the blocks of both VASPs, a version, a message.
const ENVELOPE_BYTES: usize = 8 * 1024;
/// Of ChaCha20-Poly1305.
const TAG_BYTES: usize = 16;

/// Opens a payload.
///
/// # Errors
/// `PAYLOAD-TOO-LARGE`, `UNKNOWN-KEY`, `UNREADABLE-PAYLOAD`, `INVALID-PAYLOAD`.
pub(super) async fn open<T: DeserializeOwned>(
    listener: &Listener,
    message: &Message,
    about: Option<VerificationUuid>,
    sealed: &Sealed,
) -> Result<T, Fault> {
    // Three bytes in four characters of base64.
    if sealed.ciphertext.len() / 4 * 3 > limits::PAYLOAD_BYTES + ENVELOPE_BYTES + TAG_BYTES {
        return Err(codes::payload_too_large());
    }
    Ok(open_sealed(&listener.ctx, &message.seal_context(about), sealed).await?)
}

/// The persons of a payload must fit their columns, as JSON.
///
/// # Errors
/// `PAYLOAD-TOO-LARGE`.
pub(super) fn check_size(persons: &[&Value]) -> Result<(), Fault> {
    let bytes: usize = persons.iter().map(|person| person.to_string().len()).sum();
    if bytes <= limits::PAYLOAD_BYTES { Ok(()) } else { Err(codes::payload_too_large()) }
}

/// `INVALID-PAYLOAD`, with what is wrong and none of it.
pub(super) fn invalid(why: &str) -> Fault {
    let mut fault = codes::invalid_payload();
    fault.message = format!("{}: {why}", fault.message).into();
    fault
}

/// `INVALID-PAYLOAD` for a document that breaks the IVMS101 profile: the first fault, by its path.
pub(super) fn invalid_document(findings: Vec<Finding>) -> Fault {
    first_fault(&findings).map_or_else(codes::invalid_payload, |fault| invalid(&fault.message))
}

/// The version of a payload, which must fit its column.
pub(super) fn check_version(version: &str) -> Result<(), Fault> {
    if limits::fits(version, limits::PAYLOAD_VERSION) {
        Ok(())
    } else {
        Err(invalid("`version` is invalid value."))
    }
}

/// The key that the sender wants the answer sealed to.
///
/// # Errors
/// `INVALID-KEY-ID`, `INVALID-PUBLIC-KEY`.
pub(super) fn reply_key(key: &ReplyKey) -> Result<EncryptionPublicKey, Fault> {
    let id = key.key_id.as_bytes();
    if id.is_empty() || id.len() > LONGEST_KEY_ID || !id.iter().all(u8::is_ascii_graphic) {
        return Err(Fault::invalid("replyKey.keyId"));
    }
    EncryptionPublicKey::parse(&key.public_key).map_err(|_| Fault::invalid("replyKey.publicKey"))
}

/// Seals an answer.
///
/// # Errors
/// `INTERNAL-ERROR`.
pub(super) fn seal<P: Serialize>(
    listener: &Listener,
    context: &SealContext,
    key: &ReplyKey,
    payload: &P,
) -> Result<Sealed, Fault> {
    let public_key = reply_key(key)?;
    seal_message(context, &key.key_id, &public_key, payload, &*listener.ctx.entropy)
        .map_err(|_| codes::internal_error())
}

/// Deletes the key of ours that sealed a payload, if it was made for this payload only.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn forget_key(tx: &mut Tx, key_id: &str) -> Result<(), StoreError> {
    match own_keys::by_key_id(tx, key_id).await? {
        Some(key) if key.key_type == KeyType::PerVerification => own_keys::delete(tx, key_id).await,
        _ => Ok(()),
    }
}
