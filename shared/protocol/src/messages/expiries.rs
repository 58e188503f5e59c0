//! `expiries`: the originator tells that the deadline of a verification passed without an answer.

use serde::{Deserialize, Serialize};
use waybill_domain::{Timestamp, VerificationUuid, iso_time};

/// The notice, sent until it is acknowledged, so that no side keeps a verification that the other gave up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpiriesRequest {
    /// The verification.
    pub verification_uuid: VerificationUuid,
    /// The deadline that passed.
    #[serde(with = "iso_time")]
    pub expires_at: Timestamp,
}
