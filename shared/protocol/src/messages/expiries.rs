//! `expiries`: the originator tells that it ended a verification without the answer of the beneficiary.

use serde::{Deserialize, Serialize};
use waybill_domain::{Timestamp, VerificationUuid, iso_time};

/// The notice, sent until it is acknowledged, so that no side keeps a verification that the other gave up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpiriesRequest {
    /// The verification.
    pub verification_uuid: VerificationUuid,
    /// The verification's deadline.
    #[serde(with = "iso_time")]
    pub expires_at: Timestamp,
    /// Why it is over; absent when the deadline passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
