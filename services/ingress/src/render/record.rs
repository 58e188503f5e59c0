//! One verification, as the list and the look-up show it.

mod describe;

use serde::Serialize;
use waybill_domain::{AssetInfo, Timestamp, VaspId, VerificationResult, VerificationUuid, iso_time};
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::{Column, Vault, VaultError};

/// A verification in the spelling of the interface. What is not known is `null`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    verification_id: i64,
    verification_uuid: VerificationUuid,
    result: VerificationResult,
    reason: Option<String>,
    message: Option<String>,
    asset_info: AssetInfo,
    tx_hash: Option<String>,
    vout: Option<String>,
    originating_vasp_id: VaspId,
    originator_account_number: String,
    ivms101_originator: Option<String>,
    ivms101_originating_vasp: Option<String>,
    beneficiary_vasp_id: VaspId,
    beneficiary_account_number: String,
    ivms101_beneficiary: Option<String>,
    ivms101_beneficiary_vasp: Option<String>,
    #[serde(with = "iso_time::option")]
    verified_at: Option<Timestamp>,
    #[serde(with = "iso_time::option")]
    ordered_at: Option<Timestamp>,
    #[serde(with = "iso_time")]
    created_at: Timestamp,
}

impl Record {
    /// Renders a row with the personal data in it. The four IVMS101 values are JSON encoded as a string.
    ///
    /// # Errors
    /// [`VaultError`] when a column does not open.
    pub(crate) fn open(row: VerificationRow, vault: &Vault) -> Result<Self, VaultError> {
        let uuid = row.uuid;
        let open = |column, sealed: &str| {
            // Taken, not copied: the answer shows it anyway.
            vault.open_column(uuid, column, sealed).map(|mut text| Some(std::mem::take(&mut *text)))
        };
        let message = match &row.message_sealed {
            Some(sealed) => open(Column::Message, sealed)?,
            None => None,
        };
        Ok(Self {
            message,
            ivms101_originator: open(Column::Originator, &row.originator_sealed)?,
            ivms101_originating_vasp: open(Column::OriginatingVasp, &row.originating_vasp_sealed)?,
            ivms101_beneficiary: open(Column::Beneficiary, &row.beneficiary_sealed)?,
            ivms101_beneficiary_vasp: open(Column::BeneficiaryVasp, &row.beneficiary_vasp_sealed)?,
            ..Self::without_personal_data(row)
        })
    }

    /// Renders a row for those who may not see personal data: the message and the four IVMS101 values are `null`.
    pub(crate) fn without_personal_data(row: VerificationRow) -> Self {
        Self {
            verification_id: row.id,
            verification_uuid: row.uuid,
            result: row.result,
            reason: row.reason,
            message: None,
            asset_info: row.asset,
            tx_hash: row.tx_hash,
            vout: row.vout,
            originating_vasp_id: row.originating_vasp_id,
            originator_account_number: row.originator_account_number,
            ivms101_originator: None,
            ivms101_originating_vasp: None,
            beneficiary_vasp_id: row.beneficiary_vasp_id,
            beneficiary_account_number: row.beneficiary_account_number,
            ivms101_beneficiary: None,
            ivms101_beneficiary_vasp: None,
            verified_at: row.verified_at,
            ordered_at: row.ordered_at,
            created_at: row.created_at,
        }
    }

    /// Renders a row for a caller.
    ///
    /// # Errors
    /// [`VaultError`] when a column does not open.
    pub(crate) fn of(
        row: VerificationRow,
        vault: &Vault,
        with_personal_data: bool,
    ) -> Result<Self, VaultError> {
        if with_personal_data { Self::open(row, vault) } else { Ok(Self::without_personal_data(row)) }
    }
}
