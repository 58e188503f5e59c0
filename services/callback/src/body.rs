//! The body of a callback, rendered from the record when it is sent: nothing personal is copied anywhere.

mod describe;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use waybill_context::{Parties, UnreadableParty};
use waybill_domain::VerificationUuid;
use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::{Column, Vault, VaultError};

pub use describe::webhooks;

/// Why there is no body. Says what, never whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unrenderable {
    #[error(transparent)]
    Message(#[from] VaultError),
    #[error(transparent)]
    Party(#[from] UnreadableParty),
    #[error("the body cannot be written as JSON")]
    NotJson,
    #[error("the verification has no transaction")]
    NoTransaction,
    #[error("the risk assessment is gone")]
    NoAssessment,
}

impl Unrenderable {
    /// Perhaps a key is missing from the settings: worth another try after a restart.
    pub(crate) const fn may_be_repaired(self) -> bool {
        matches!(self, Self::Message(_) | Self::Party(UnreadableParty::Sealed(_)))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<T> {
    callback_type: CallbackType,
    data: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerificationResultData {
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TxReportData {
    verification_uuid: VerificationUuid,
    tx_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    vout: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorReportData {
    verification_uuid: VerificationUuid,
    result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// The body as it is sent.
pub(crate) fn render(
    command: &DeliverCallback,
    row: &VerificationRow,
    vault: &Vault,
) -> Result<Bytes, Unrenderable> {
    match command.callback_type {
        CallbackType::VerificationResult => {
            let (reason, message) = reason_and_message(command, row, vault)?;
            let verification_result = result(command, row);
            let ivms101 = Parties::open(vault, row)?.into();
            let verification_uuid = row.uuid;
            let data =
                VerificationResultData { verification_uuid, verification_result, reason, message, ivms101 };
            enveloped(command.callback_type, data)
        }
        CallbackType::TxReport => {
            let tx_hash = row.tx_hash.clone().ok_or(Unrenderable::NoTransaction)?;
            let data = TxReportData { verification_uuid: row.uuid, tx_hash, vout: row.vout.clone() };
            enveloped(command.callback_type, data)
        }
        CallbackType::ErrorReport => {
            let (reason, message) = reason_and_message(command, row, vault)?;
            let data = ErrorReportData {
                verification_uuid: row.uuid,
                result: result(command, row),
                reason,
                message,
            };
            enveloped(command.callback_type, data)
        }
        CallbackType::ChainalysisSanctionResult
        | CallbackType::ChainalysisKytResult
        | CallbackType::RefinitivWcoResult => Err(Unrenderable::NoAssessment),
    }
}

fn enveloped<T: Serialize>(callback_type: CallbackType, data: T) -> Result<Bytes, Unrenderable> {
    let body = serde_json::to_vec(&Envelope { callback_type, data });
    body.map(Bytes::from).map_err(|_| Unrenderable::NotJson)
}

/// As it was when the event happened; a later event may have changed the row.
fn result(command: &DeliverCallback, row: &VerificationRow) -> String {
    command.result.clone().unwrap_or_else(|| row.result.as_str().to_owned())
}

/// Reason and message belong together: the row's are never given with what an earlier event said.
fn reason_and_message(
    command: &DeliverCallback,
    row: &VerificationRow,
    vault: &Vault,
) -> Result<(Option<String>, Option<String>), VaultError> {
    let unchanged = command.result.as_deref().is_none_or(|result| result == row.result.as_str());
    let (reason, sealed) = match (&command.reason, &command.message_sealed) {
        (None, None) if unchanged => (&row.reason, &row.message_sealed),
        snapshot => snapshot,
    };
    let open = |sealed: &String| vault.open_column(row.uuid, Column::Message, sealed);
    let message = sealed.as_ref().map(open).transpose()?;
    Ok((reason.clone(), message.map(|text| text.to_string())))
}
