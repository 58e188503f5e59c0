//! Accepting a verification, on either side.

use waybill_domain::{AssetInfo, KeyType, Timestamp, VaspId, VerificationUuid};

use crate::sql::values;
use crate::{StoreError, Tx};

/// A verification that was asked for and not answered. Fields that end in `_sealed` are ciphertexts.
#[derive(Clone)]
#[expect(missing_docs, reason = "the fields are those of VerificationRow, which says what they mean")]
pub struct NewVerification {
    pub uuid: VerificationUuid,
    pub asset: AssetInfo,
    pub originating_vasp_id: VaspId,
    pub originator_account_number: String,
    pub originator_sealed: String,
    pub originating_vasp_sealed: String,
    pub beneficiary_vasp_id: VaspId,
    pub beneficiary_account_number: String,
    pub beneficiary_sealed: String,
    pub beneficiary_vasp_sealed: String,
    pub created_at: Timestamp,
    pub key_type: KeyType,
    pub payload_version: String,
    pub required_beneficiary_info: String,
    pub expires_at: Timestamp,
}

/// Stores a verification as `WAIT`; false when its uuid is known already.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, new: &NewVerification) -> Result<bool, StoreError> {
    tx.insert(
        "/* verifications::insert */ INSERT INTO verifications (verification_uuid, network, symbol, amount,
               trade_price, trade_currency, trade_iso_datetime, is_exceeding_threshold,
               originating_vasp_id, originator_account_number, ivms101_originator, ivms101_originating_vasp,
               beneficiary_vasp_id, beneficiary_account_number, ivms101_beneficiary, ivms101_beneficiary_vasp,
               created_at, key_type, payload_version, required_beneficiary_info, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) {unless there}",
        values![
            new.uuid,
            &new.asset.network,
            &new.asset.symbol,
            new.asset.amount.as_str(),
            new.asset.trade_price.as_str(),
            &new.asset.trade_currency,
            new.asset.trade_iso_datetime,
            new.asset.is_exceeding_threshold,
            new.originating_vasp_id,
            &new.originator_account_number,
            &new.originator_sealed,
            &new.originating_vasp_sealed,
            new.beneficiary_vasp_id,
            &new.beneficiary_account_number,
            &new.beneficiary_sealed,
            &new.beneficiary_vasp_sealed,
            new.created_at,
            new.key_type.as_str(),
            &new.payload_version,
            &new.required_beneficiary_info,
            new.expires_at,
        ],
    )
    .await
}
