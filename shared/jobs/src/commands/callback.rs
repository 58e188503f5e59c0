//! Work of the service `callback`.

use serde::{Deserialize, Serialize};
use waybill_domain::VerificationUuid;

use super::Command;

/// What a callback is about; the names are those of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CallbackType {
    /// To the originator: the answer.
    VerificationResult,
    /// To the beneficiary: the hash of the transaction.
    TxReport,
    /// To the beneficiary: the transfer will never happen.
    ErrorReport,
    /// To whoever had it assessed automatically: what the sanctions lists say.
    ChainalysisSanctionResult,
    /// To whoever asked for it: a KYT result.
    ChainalysisKytResult,
    /// To whoever asked for it: a World-Check result.
    RefinitivWcoResult,
}

impl CallbackType {
    /// The spelling of the interface.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerificationResult => "VERIFICATION_RESULT",
            Self::TxReport => "TX_REPORT",
            Self::ErrorReport => "ERROR_REPORT",
            Self::ChainalysisSanctionResult => "CHAINALYSIS_SANCTION_RESULT",
            Self::ChainalysisKytResult => "CHAINALYSIS_KYT_RESULT",
            Self::RefinitivWcoResult => "REFINITIV_WCO_RESULT",
        }
    }
}

/// Deliver a callback to our backend. The body is rendered from the verification when it is sent; what a later
/// event may overwrite there is kept here.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliverCallback {
    /// What it is about.
    pub callback_type: CallbackType,
    /// The verification.
    pub verification_uuid: VerificationUuid,
    /// The `webhook-id` header: the same for every attempt and every replay.
    pub webhook_id: String,
    /// The result at the time of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// The reason at the time of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The message at the time of the event, in the form of the verification's `message` column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_sealed: Option<String>,
    /// The risk assessment, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Command for DeliverCallback {
    const KIND: &'static str = "CALLBACK";
}
