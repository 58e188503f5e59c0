//! `ERROR_REPORT`: the transfer will never happen, to the beneficiary.

use serde::Serialize;
use waybill_domain::VerificationUuid;
use waybill_jobs::DeliverCallback;
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::Vault;

use super::Unrenderable;
use super::spoken::{reason_and_message, result};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Data {
    verification_uuid: VerificationUuid,
    result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

pub(super) fn data(
    command: &DeliverCallback,
    row: &VerificationRow,
    vault: &Vault,
) -> Result<Data, Unrenderable> {
    let (reason, message) = reason_and_message(command, row, vault)?;
    Ok(Data { verification_uuid: row.uuid, result: result(command, row), reason, message })
}
