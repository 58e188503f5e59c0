//! A request that is ours for the time being.

use waybill_domain::{Timestamp, VerificationUuid};
use waybill_store::tables::wco_results::{NewWco, WcoRow};

/// What has to be known of it to settle it.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub request_id: String,
    pub verification_uuid: VerificationUuid,
    pub traceparent: Option<String>,
    /// Whose it is.
    pub worker: String,
    /// How often it was worked on since something changed.
    pub attempts: u32,
    /// Since when the vendor gives no answer.
    pub failing_since: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl Held {
    /// A request that has just been stored.
    pub fn new(request: &NewWco, worker: &str) -> Self {
        Self {
            request_id: request.request_id.clone(),
            verification_uuid: request.verification_uuid,
            traceparent: request.traceparent.clone(),
            worker: worker.to_owned(),
            attempts: 0,
            failing_since: None,
            created_at: request.created_at,
        }
    }

    /// A row that was claimed.
    pub fn of(row: &WcoRow, worker: &str) -> Self {
        Self {
            request_id: row.request_id.clone(),
            verification_uuid: row.verification_uuid,
            traceparent: row.traceparent.clone(),
            worker: worker.to_owned(),
            attempts: row.attempts,
            failing_since: row.failing_since,
            created_at: row.created_at,
        }
    }
}
