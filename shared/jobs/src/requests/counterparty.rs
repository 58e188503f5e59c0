//! Questions to the service `counterparty`.

use serde::{Deserialize, Serialize};
use waybill_domain::{
    AccountVerificationResult, KeyType, Timestamp, TransactionStatus, VaspId, VerificationUuid,
};

use super::{KeyAnswer, Request};

/// Does this address, and this person, belong to a customer of that VASP?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckAccount {
    /// A name for this request, to which `payload_sealed` is bound.
    pub request_id: String,
    /// Whom to ask.
    pub beneficiary_vasp_id: VaspId,
    /// How widely the key is shared that seals the question.
    pub key_type: KeyType,
    /// Ticker.
    pub symbol: String,
    /// Blockchain.
    pub network: Option<String>,
    /// `{"version", "ivms101"}` as the caller gave it, sealed.
    pub payload_sealed: String,
}

impl Request for CheckAccount {
    const KIND: &'static str = "check-account";
    type Answer = AccountAnswer;
}

/// What the beneficiary VASP said of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountAnswer {
    /// Verified or denied.
    pub account_verification_result: AccountVerificationResult,
    /// Why it was denied.
    pub reason: Option<String>,
    /// More about the reason, sealed: it can repeat the address.
    pub message_sealed: Option<String>,
    /// When the beneficiary VASP decided.
    pub verified_at: Timestamp,
}

/// How far has the originator come with the transaction?
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquireTransaction {
    /// The verification.
    pub verification_uuid: VerificationUuid,
}

impl Request for InquireTransaction {
    const KIND: &'static str = "inquire-transaction";
    type Answer = TransactionAnswer;
}

/// What the originator said of a transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionAnswer {
    /// How far it has come.
    pub transaction_status: TransactionStatus,
    /// Its hash, when there is one.
    pub tx_hash: Option<String>,
    /// The output that belongs to the verification.
    pub vout: Option<String>,
}

/// Ask a counterparty for its public key, over the network. Only `keys` asks this.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FetchKey {
    /// A name for this request, to which `address_sealed` is bound.
    pub request_id: String,
    /// Whom to ask.
    pub vasp_id: VaspId,
    /// Which kind of key.
    pub key_type: KeyType,
    /// The address, for `PerAddress`; sealed.
    pub address_sealed: Option<String>,
    /// The verification, for `PerVerification`, where there is one.
    pub verification_uuid: Option<VerificationUuid>,
}

impl Request for FetchKey {
    const KIND: &'static str = "fetch-key";
    type Answer = KeyAnswer;
}
