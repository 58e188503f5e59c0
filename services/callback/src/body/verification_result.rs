//! `VERIFICATION_RESULT`: the answer, to the originator.

use serde::Serialize;
use serde_json::Value;
use waybill_context::Parties;
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
    verification_result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    ivms101: Ivms101,
}

/// Beneficiary first, as answered. The others are what we sent: the backend may have kept nothing.
#[derive(Serialize)]
struct Ivms101 {
    beneficiary: Value,
    originator: Value,
    #[serde(rename = "originatingVASP")]
    originating_vasp: Value,
    #[serde(rename = "beneficiaryVASP")]
    beneficiary_vasp: Value,
}

impl From<Parties> for Ivms101 {
    fn from(parties: Parties) -> Self {
        let Parties { originator, beneficiary, originating_vasp, beneficiary_vasp } = parties;
        Self { beneficiary, originator, originating_vasp, beneficiary_vasp }
    }
}

pub(super) fn data(
    command: &DeliverCallback,
    row: &VerificationRow,
    vault: &Vault,
) -> Result<Data, Unrenderable> {
    let (reason, message) = reason_and_message(command, row, vault)?;
    let ivms101 = Parties::open(vault, row)?.into();
    let (verification_uuid, verification_result) = (row.uuid, result(command, row));
    Ok(Data { verification_uuid, verification_result, reason, message, ivms101 })
}
