//! The signed form of a directory.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use waybill_crypto::{IdentityKey, VerifyingKey};
use waybill_domain::Timestamp;

use crate::check::check;
use crate::{Directory, DirectoryError, Document};

/// Stands before the signed bytes, so that the operator's key signs nothing else by accident.
const PURPOSE: &[u8] = b"waybill directory v1\n";

/// A document with its signature, as it lies in a file or behind a URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// The document's JSON in base64url without padding, so that the signed bytes survive every formatter.
    pub document: String,
    /// Ed25519 over `waybill directory v1`, a line feed and the document's JSON; base64url without padding.
    pub signature: String,
    /// Key id of the operator's key.
    pub key_id: String,
}

/// Checks a document and signs it with the operator's key. Gives the envelope as JSON text.
pub fn sign(document: &Document, key: &IdentityKey) -> Result<String, DirectoryError> {
    check(document)?;
    let json = serde_json::to_vec(document).map_err(|_| DirectoryError::Unwritable)?;
    let envelope = Envelope {
        signature: URL_SAFE_NO_PAD.encode(key.sign(&signed_bytes(&json))),
        document: URL_SAFE_NO_PAD.encode(&json),
        key_id: key.key_id(),
    };
    let text = serde_json::to_string_pretty(&envelope).map_err(|_| DirectoryError::Unwritable)?;
    Ok(text + "\n")
}

/// Checks an envelope: signature first, then form and content, then that it is no older than `last_version` and current.
///
/// # Errors
/// See [`DirectoryError`]; [`DirectoryError::Expired`] still holds the directory, for answering.
pub fn verify(
    bytes: &[u8],
    trust_root: &VerifyingKey,
    now: Timestamp,
    last_version: u64,
) -> Result<Directory, DirectoryError> {
    let json = authentic_document(bytes, trust_root)?;
    let mut reader = serde_json::Deserializer::from_slice(&json);
    let document: Document = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        DirectoryError::Malformed { path: error.path().to_string(), why: error.into_inner().to_string() }
    })?;
    let keys = check(&document)?;
    let directory = Directory::new(document, keys);
    if directory.version() < last_version {
        return Err(DirectoryError::RolledBack { offered: directory.version(), accepted: last_version });
    }
    if directory.is_expired(now) {
        return Err(DirectoryError::Expired(Box::new(directory)));
    }
    Ok(directory)
}

fn authentic_document(bytes: &[u8], trust_root: &VerifyingKey) -> Result<Vec<u8>, DirectoryError> {
    let not_envelope = |why: &str| DirectoryError::NotEnvelope(why.to_owned());
    let envelope: Envelope =
        serde_json::from_slice(bytes).map_err(|error| not_envelope(&error.to_string()))?;
    let expected = trust_root.key_id();
    if envelope.key_id != expected {
        // Not authentic: what is shown of it is bounded.
        let found = envelope.key_id.chars().take(64).collect();
        return Err(DirectoryError::UnknownSigner { found, expected });
    }
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| not_envelope("not base64url"));
    let (json, signature) = (decode(&envelope.document)?, decode(&envelope.signature)?);
    trust_root.verify(&signed_bytes(&json), &signature).map_err(|_| DirectoryError::BadSignature)?;
    Ok(json)
}

fn signed_bytes(json: &[u8]) -> Vec<u8> {
    [PURPOSE, json].concat()
}
