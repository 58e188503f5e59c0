//! What becomes of a request that somebody has leased. Each fails with [`StoreError::GuardLost`] when the lease was lost:
//! let the transaction fail with it.

use std::time::Duration;

use waybill_domain::{MatchStrength, Timestamp};

use crate::sql::values;
use crate::{StoreError, Tx};

/// What the vendor said of all persons.
#[derive(Debug, Clone)]
pub struct Screened {
    /// The vendor's case with the strongest match.
    pub case_system_id: String,
    /// The vendor's summary of that case, JSON, sealed.
    pub summary_sealed: Option<String>,
    /// The strongest match; none where there is none.
    pub match_strength: Option<MatchStrength>,
    /// Matches of all persons together.
    pub total_matches: u32,
    /// When it had screened the last of them.
    pub assessed_at: Option<Timestamp>,
    /// Now.
    pub at: Timestamp,
}

/// Still being worked on: the lease is as long as if it began now.
///
/// # Errors
/// [`StoreError`].
pub async fn renew(tx: &mut Tx, request_id: &str, worker: &str, lease: Duration) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            "/* wco_results::renew */ UPDATE refinitiv_wco_results SET due_at = {now+ms}
             WHERE request_id = ? AND worker_id = ? AND status IN ('REGISTERED', 'CHECKING')",
            values![lease, request_id, worker],
        )
        .await?;
    one(changed)
}

/// The vendor has taken all cases on. It is due after `next`, and no longer leased.
///
/// # Errors
/// [`StoreError`].
pub async fn registered(
    tx: &mut Tx,
    request_id: &str,
    worker: &str,
    case_system_id: &str,
    at: Timestamp,
    next: Duration,
) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            "/* wco_results::registered */ UPDATE refinitiv_wco_results SET case_system_id = ?, registered_at = ?,
               updated_at = ?, failing_since = NULL, attempts = 0, worker_id = NULL, due_at = {now+ms}
             WHERE request_id = ? AND worker_id = ? AND status IN ('REGISTERED', 'CHECKING')",
            values![case_system_id, at, at, next, request_id, worker],
        )
        .await?;
    one(changed)
}

/// Nothing new: it is due again after `next`. `failing_since` says since when the vendor gives no answer, if it gave none.
///
/// # Errors
/// [`StoreError`].
pub async fn later(
    tx: &mut Tx,
    request_id: &str,
    worker: &str,
    next: Duration,
    failing_since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            "/* wco_results::later */ UPDATE refinitiv_wco_results
             SET worker_id = NULL, due_at = {now+ms}, failing_since = ?
             WHERE request_id = ? AND worker_id = ?",
            values![next, failing_since, request_id, worker],
        )
        .await?;
    one(changed)
}

/// As [`later`], and as if nobody had worked on it: it could not be asked about at all.
///
/// # Errors
/// [`StoreError`].
pub async fn released(
    tx: &mut Tx,
    request_id: &str,
    worker: &str,
    next: Duration,
    failing_since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            "/* wco_results::released */ UPDATE refinitiv_wco_results SET worker_id = NULL, due_at = {now+ms},
               failing_since = ?, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END
             WHERE request_id = ? AND worker_id = ?",
            values![next, failing_since, request_id, worker],
        )
        .await?;
    one(changed)
}

/// All persons are screened. Once for each request.
///
/// # Errors
/// [`StoreError`].
pub async fn screened(
    tx: &mut Tx,
    request_id: &str,
    worker: &str,
    said: &Screened,
) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            "/* wco_results::screened */ UPDATE refinitiv_wco_results SET status = 'PROCESSED', case_system_id = ?,
               aggregated_result_summaries = ?, match_strength = ?, total_matches = ?, assessed_at = ?, updated_at = ?,
               failing_since = NULL, attempts = 0, worker_id = NULL, due_at = NULL
             WHERE request_id = ? AND worker_id = ? AND status IN ('REGISTERED', 'CHECKING')",
            values![
                &said.case_system_id,
                &said.summary_sealed,
                said.match_strength.map(MatchStrength::as_str),
                said.total_matches,
                said.assessed_at,
                said.at,
                request_id,
                worker
            ],
        )
        .await?;
    one(changed)
}

/// It ends without a result. `reason` is a code of 64 characters at most.
///
/// # Errors
/// [`StoreError`].
pub async fn failed(
    tx: &mut Tx,
    request_id: &str,
    worker: &str,
    reason: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            "/* wco_results::failed */ UPDATE refinitiv_wco_results SET status = 'ERROR', reason = ?, updated_at = ?,
               worker_id = NULL, due_at = NULL
             WHERE request_id = ? AND worker_id = ? AND status IN ('REGISTERED', 'CHECKING')",
            values![reason, at, request_id, worker],
        )
        .await?;
    one(changed)
}

fn one(changed: u64) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::GuardLost("worker_id")) }
}
