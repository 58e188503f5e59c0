//! `inquiries`: the beneficiary asks where a transfer stands; answered in the same exchange.

use serde::{Deserialize, Serialize};
use waybill_domain::{TransactionStatus, VerificationUuid};

/// The question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiriesRequest {
    /// The verification.
    pub verification_uuid: VerificationUuid,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiriesResponse {
    /// As asked.
    pub verification_uuid: VerificationUuid,
    /// Where the transfer stands.
    pub transaction_status: TransactionStatus,
    /// Hash of the transaction, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tx_hash: Option<String>,
    /// Output of the transaction, where it has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vout: Option<String>,
}
