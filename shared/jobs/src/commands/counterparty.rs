//! Work of the service `counterparty`.

use serde::{Deserialize, Serialize};
use waybill_domain::VerificationUuid;

use super::Command;

/// Originator: ask the counterparty, and see to it that the verification ends by its deadline.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifyCounterparty {
    /// The verification.
    pub verification_uuid: VerificationUuid,
}

impl Command for VerifyCounterparty {
    const KIND: &'static str = "VERIFY";
}

/// Beneficiary: ask our backend, and tell the originator what it said.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerVerification {
    /// The verification.
    pub verification_uuid: VerificationUuid,
    /// The originator's name for the key to which the answer is sealed.
    pub reply_key_id: String,
    /// That key, base64url.
    pub reply_public_key: String,
}

impl Command for AnswerVerification {
    const KIND: &'static str = "ANSWER";
}

/// Originator: tell the beneficiary the hash of the transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportTransaction {
    /// The verification.
    pub verification_uuid: VerificationUuid,
}

impl Command for ReportTransaction {
    const KIND: &'static str = "REPORT_TX";
}

/// Originator: tell the beneficiary that the transfer will never happen.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportError {
    /// The verification.
    pub verification_uuid: VerificationUuid,
}

impl Command for ReportError {
    const KIND: &'static str = "REPORT_ERROR";
}

/// Originator: tell the beneficiary that the verification is over without its answer: none came in time, or none that
/// could be used.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotifyExpiry {
    /// The verification.
    pub verification_uuid: VerificationUuid,
}

impl Command for NotifyExpiry {
    const KIND: &'static str = "NOTIFY_EXPIRY";
}
