//! One stored verification.

use waybill_domain::{
    AssetInfo, KeyType, Role, Timestamp, VaspId, VerificationResult, VerificationState, VerificationUuid,
};

use crate::StoreError;
use crate::sql::Row;

/// A row of `verifications`. Fields that end in `_sealed` are ciphertexts.
#[derive(Clone)]
pub struct VerificationRow {
    /// Number of the row, ascending.
    pub id: i64,
    /// Id of the verification, the same on both sides.
    pub uuid: VerificationUuid,
    /// How far it has come.
    pub result: VerificationResult,
    /// Why, a code.
    pub reason: Option<String>,
    /// More about the reason, for people.
    pub message_sealed: Option<String>,
    /// What is transferred.
    pub asset: AssetInfo,
    /// Hash of the transaction, as reported.
    pub tx_hash: Option<String>,
    /// Output of the transaction that belongs to this verification.
    pub vout: Option<String>,
    /// Who asked.
    pub originating_vasp_id: VaspId,
    /// The originator's account.
    pub originator_account_number: String,
    /// The originator, IVMS101 JSON.
    pub originator_sealed: String,
    /// The originating VASP, IVMS101 JSON.
    pub originating_vasp_sealed: String,
    /// Who was asked.
    pub beneficiary_vasp_id: VaspId,
    /// The beneficiary's account.
    pub beneficiary_account_number: String,
    /// The beneficiary, IVMS101 JSON: as asked, then as answered.
    pub beneficiary_sealed: String,
    /// The beneficiary VASP, IVMS101 JSON.
    pub beneficiary_vasp_sealed: String,
    /// When the answer was given.
    pub verified_at: Option<Timestamp>,
    /// When the transaction was reported.
    pub ordered_at: Option<Timestamp>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// How widely the key is shared that seals its messages.
    pub key_type: KeyType,
    /// IVMS101 message version, as the caller gave it.
    pub payload_version: String,
    /// Which facts about the beneficiary the originator asked for, comma-separated codes.
    pub required_beneficiary_info: String,
    /// When waiting for an answer ends.
    pub expires_at: Timestamp,
    /// When the originator reported an error instead of a transaction.
    pub error_reported_at: Option<Timestamp>,
}

impl std::fmt::Debug for VerificationRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VerificationRow")
            .field("uuid", &self.uuid)
            .field("result", &self.result)
            .finish_non_exhaustive()
    }
}

impl VerificationRow {
    /// What its legal changes depend on.
    pub fn state(&self) -> VerificationState {
        VerificationState { result: self.result, transaction_reported: self.tx_hash.is_some() }
    }

    /// The roles that VASP `id` has in it; both when a VASP is its own counterparty.
    pub fn is(&self, id: VaspId, role: Role) -> bool {
        match role {
            Role::Originator => self.originating_vasp_id == id,
            Role::Beneficiary => self.beneficiary_vasp_id == id,
        }
    }

    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.int("verification_id")?,
            uuid: row.parsed("verification_uuid")?,
            result: row.parsed("result")?,
            reason: row.opt_text("reason")?,
            message_sealed: row.opt_text("message")?,
            asset: AssetInfo {
                symbol: row.text("symbol")?,
                network: row.opt_text("network")?,
                amount: row.parsed("amount")?,
                is_exceeding_threshold: row.flag("is_exceeding_threshold")?,
                trade_price: row.parsed("trade_price")?,
                trade_currency: row.text("trade_currency")?,
                trade_iso_datetime: row.time("trade_iso_datetime")?,
            },
            tx_hash: row.opt_text("tx_hash")?,
            vout: row.opt_text("vout")?,
            originating_vasp_id: row.vasp_id("originating_vasp_id")?,
            originator_account_number: row.text("originator_account_number")?,
            originator_sealed: row.text("ivms101_originator")?,
            originating_vasp_sealed: row.text("ivms101_originating_vasp")?,
            beneficiary_vasp_id: row.vasp_id("beneficiary_vasp_id")?,
            beneficiary_account_number: row.text("beneficiary_account_number")?,
            beneficiary_sealed: row.text("ivms101_beneficiary")?,
            beneficiary_vasp_sealed: row.text("ivms101_beneficiary_vasp")?,
            verified_at: row.opt_time("verified_at")?,
            ordered_at: row.opt_time("ordered_at")?,
            created_at: row.time("created_at")?,
            key_type: row.parsed("key_type")?,
            payload_version: row.text("payload_version")?,
            required_beneficiary_info: row.text("required_beneficiary_info")?,
            expires_at: row.time("expires_at")?,
            error_reported_at: row.opt_time("error_reported_at")?,
        })
    }
}
