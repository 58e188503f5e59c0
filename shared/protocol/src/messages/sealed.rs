//! A sealed payload on the wire.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use waybill_crypto::SealedBox;

/// The one suite of this version of the protocol.
pub const SUITE: &str = "HPKE-X25519-HKDF-SHA256-CHACHA20POLY1305";

/// An HPKE box. Binary fields are base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sealed {
    /// [`SUITE`].
    pub suite: String,
    /// Which key of the recipient opens.
    pub key_id: String,
    /// HPKE's encapsulated key.
    pub enc: String,
    /// Ciphertext with its tag.
    pub ciphertext: String,
}

impl Sealed {
    pub(crate) fn new(key_id: &str, sealed: &SealedBox) -> Self {
        Self {
            suite: SUITE.to_owned(),
            key_id: key_id.to_owned(),
            enc: URL_SAFE_NO_PAD.encode(&sealed.enc),
            ciphertext: URL_SAFE_NO_PAD.encode(&sealed.ciphertext),
        }
    }

    pub(crate) fn to_box(&self) -> Option<SealedBox> {
        let enc = URL_SAFE_NO_PAD.decode(&self.enc).ok()?;
        let ciphertext = URL_SAFE_NO_PAD.decode(&self.ciphertext).ok()?;
        Some(SealedBox { enc, ciphertext })
    }
}
