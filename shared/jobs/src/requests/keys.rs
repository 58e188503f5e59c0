//! Questions to the service `keys`.

use serde::{Deserialize, Serialize};
use waybill_domain::{KeyType, Timestamp, VaspId, VerificationUuid};

use super::Request;

/// To which key is a message to this counterparty sealed?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CounterpartyKey {
    /// A name for this request, to which `address_sealed` is bound.
    pub request_id: String,
    /// The counterparty.
    pub vasp_id: VaspId,
    /// Which kind of key.
    pub key_type: KeyType,
    /// The beneficiary's address, for `PerAddress`; sealed.
    pub address_sealed: Option<String>,
    /// The verification, for `PerVerification`, where there is one.
    pub verification_uuid: Option<VerificationUuid>,
    /// A key id that the counterparty refused: ask again even if that key is cached.
    pub refused_key_id: Option<String>,
}

impl Request for CounterpartyKey {
    const KIND: &'static str = "counterparty-key";
    type Answer = KeyAnswer;
}

/// Which key of ours should a counterparty use? Made when there is none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnKey {
    /// A name for this request, to which `address_sealed` is bound.
    pub request_id: String,
    /// Which kind of key.
    pub key_type: KeyType,
    /// The address, for `PerAddress`; sealed. Any address gets a key, whether it exists or not.
    pub address_sealed: Option<String>,
    /// The verification whose answer a `PerVerification` key is to open: asking again gives the same key.
    pub verification_uuid: Option<VerificationUuid>,
}

impl Request for OwnKey {
    const KIND: &'static str = "own-key";
    type Answer = KeyAnswer;
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyAnswer {
    /// Its owner's name for it.
    pub key_id: String,
    /// X25519, base64url.
    pub public_key: String,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}
