//! `errors`: the originator reports that a verified transfer will not happen.

use serde::{Deserialize, Serialize};
use waybill_domain::{ReportedError, VerificationUuid};

use super::Sealed;
use crate::Hidden;

/// The report. Answered with an [`Acknowledgement`](super::Acknowledgement); the same report again is fine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorsRequest {
    /// The verification.
    pub verification_uuid: VerificationUuid,
    /// What becomes of it.
    pub result: ReportedError,
    /// Why.
    pub reason: String,
    /// An [`ErrorDetail`], where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sealed>,
}

/// What is sealed in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// Free text; may be personal.
    pub message: Hidden<String>,
}
