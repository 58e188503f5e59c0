//! What the operator signs.

use serde::{Deserialize, Serialize};
use waybill_domain::{Timestamp, iso_time};

use crate::Member;

/// The list of members at one time. Fields that are not known are ignored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Counts up with every change; nodes never go back.
    pub version: u64,
    /// When it was made.
    #[serde(with = "iso_time")]
    pub issued_at: Timestamp,
    /// From then on no new verification is started with it.
    #[serde(with = "iso_time")]
    pub expires_at: Timestamp,
    /// The members.
    pub members: Vec<Member>,
}
