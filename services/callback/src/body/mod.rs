//! The body of a callback, rendered from the record when it is sent: nothing personal is copied anywhere.

mod describe;
mod error_report;
mod kyt_result;
mod sanction_result;
mod spoken;
mod subject;
mod tx_report;
mod verification_result;
mod wco_result;

use bytes::Bytes;
use serde::Serialize;
use waybill_context::UnreadableParty;
use waybill_domain::VerificationUuid;
use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_vault::{Vault, VaultError};

pub use describe::webhooks;
pub(crate) use subject::Subject;

/// Why there is no body. Says what, never whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unrenderable {
    #[error(transparent)]
    Sealed(#[from] VaultError),
    #[error(transparent)]
    Party(#[from] UnreadableParty),
    #[error("the body cannot be written as JSON")]
    NotJson,
    #[error("the verification is gone")]
    NoVerification,
    #[error("the verification has no transaction")]
    NoTransaction,
    #[error("the risk assessment is gone")]
    NoAssessment,
}

impl Unrenderable {
    /// Perhaps a key is missing from the settings: worth another try after a restart.
    pub(crate) const fn may_be_repaired(self) -> bool {
        matches!(self, Self::Sealed(_) | Self::Party(UnreadableParty::Sealed(_)))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<T> {
    callback_type: CallbackType,
    data: T,
}

/// The data of a risk assessment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RiskAssessmentData<T> {
    verification_uuid: VerificationUuid,
    risk_assessment: T,
}

/// The body as it is sent.
pub(crate) fn render(
    command: &DeliverCallback,
    subject: Subject,
    vault: &Vault,
) -> Result<Bytes, Unrenderable> {
    let of = command.callback_type;
    match of {
        CallbackType::VerificationResult => {
            enveloped(of, verification_result::data(command, &subject.verification()?, vault)?)
        }
        CallbackType::TxReport => enveloped(of, tx_report::data(subject.verification()?)?),
        CallbackType::ErrorReport => {
            enveloped(of, error_report::data(command, &subject.verification()?, vault)?)
        }
        CallbackType::ChainalysisSanctionResult => enveloped(of, sanction_result::data(subject.sanction()?)),
        CallbackType::ChainalysisKytResult => {
            let (row, alerts) = subject.kyt()?;
            enveloped(of, kyt_result::data(row, alerts))
        }
        CallbackType::RefinitivWcoResult => enveloped(of, wco_result::data(subject.wco()?, vault)?),
    }
}

fn enveloped<T: Serialize>(callback_type: CallbackType, data: T) -> Result<Bytes, Unrenderable> {
    let body = serde_json::to_vec(&Envelope { callback_type, data });
    body.map(Bytes::from).map_err(|_| Unrenderable::NotJson)
}
