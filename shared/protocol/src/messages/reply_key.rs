//! The key to seal an answer to.

use serde::{Deserialize, Serialize};

/// A public key of the asker; the answer is sealed to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplyKey {
    /// The asker's name for the key, at most 64 characters.
    pub key_id: String,
    /// X25519, base64url without padding; see `waybill_crypto::EncryptionPublicKey::parse`.
    pub public_key: String,
}
