//! `TX_REPORT`: the hash of the transaction, to the beneficiary.

use serde::Serialize;
use waybill_domain::VerificationUuid;
use waybill_store::tables::verifications::VerificationRow;

use super::Unrenderable;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Data {
    verification_uuid: VerificationUuid,
    tx_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    vout: Option<String>,
}

pub(super) fn data(row: VerificationRow) -> Result<Data, Unrenderable> {
    let tx_hash = row.tx_hash.ok_or(Unrenderable::NoTransaction)?;
    Ok(Data { verification_uuid: row.uuid, tx_hash, vout: row.vout })
}
