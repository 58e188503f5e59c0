//! `answers`: the beneficiary's node answers a verification that it accepted earlier.

use serde::{Deserialize, Serialize};
use waybill_domain::VerificationUuid;

use super::Sealed;

/// The answer, from the beneficiary to the originator. Answered with an [`Acknowledgement`](super::Acknowledgement).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswersRequest {
    /// The verification.
    pub verification_uuid: VerificationUuid,
    /// A [`VerificationAnswer`](super::VerificationAnswer), sealed to the question's reply key.
    pub sealed: Sealed,
}
