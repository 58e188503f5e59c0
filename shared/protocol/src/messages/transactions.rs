//! `transactions`: the originator reports the transaction of a verified transfer.

use serde::{Deserialize, Serialize};
use waybill_domain::VerificationUuid;

/// The report. Answered with an [`Acknowledgement`](super::Acknowledgement); the same report again is fine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionsRequest {
    /// The verification.
    pub verification_uuid: VerificationUuid,
    /// Hash of the transaction, as its chain writes it.
    pub tx_hash: String,
    /// Output of the transaction, where it has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vout: Option<String>,
}
