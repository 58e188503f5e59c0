//! What becomes of a request that somebody has leased. Each fails with [`StoreError::GuardLost`] when the lease was lost:
//! let the transaction fail with it.

use std::time::Duration;

use waybill_domain::Timestamp;

use crate::sql::values;
use crate::{StoreError, Tx};

/// What the vendor said when it took a request on.
#[derive(Debug, Clone)]
pub struct Registered {
    /// Its id.
    pub external_id: String,
    /// The network as it writes it.
    pub network: Option<String>,
    /// Names the key that was used; none where it is the one of the row.
    pub key_id: Option<String>,
    /// The request whose registration is used.
    pub shares_request: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What the vendor said of its result.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// The network as it writes it.
    pub network: Option<String>,
    /// The ticker as it writes it.
    pub asset: Option<String>,
    /// Decimal text, where the vendor gave it.
    pub amount: Option<String>,
    /// US dollars, decimal text.
    pub usd_price: Option<String>,
    /// The address as the vendor writes it.
    pub output_address: Option<String>,
    /// When the transaction happened.
    pub timestamp: Option<Timestamp>,
    /// How many alerts there are.
    pub alert_count: u32,
    /// When it had the result.
    pub assessed_at: Option<Timestamp>,
    /// Now.
    pub at: Timestamp,
    /// After how long to look for further alerts; none: never.
    pub look_again: Option<Duration>,
}

/// The vendor has taken it on. It is due after `next`, and no longer leased.
///
/// # Errors
/// [`StoreError`].
pub async fn registered(
    tx: &mut Tx,
    request_id: &str,
    worker: &str,
    said: &Registered,
    next: Duration,
) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            "/* kyt_results::registered */ UPDATE chainalysis_kyt_results SET external_id = ?,
               network = COALESCE(?, network), key_id = COALESCE(?, key_id), shares_request = COALESCE(?, shares_request),
               registered_at = ?, updated_at = ?, failing_since = NULL, attempts = 0, worker_id = NULL, due_at = {now+ms}
             WHERE request_id = ? AND worker_id = ? AND status IN ('REGISTERED', 'CHECKING')",
            values![
                &said.external_id,
                &said.network,
                &said.key_id,
                &said.shares_request,
                said.at,
                said.at,
                next,
                request_id,
                worker
            ],
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
            "/* kyt_results::later */ UPDATE chainalysis_kyt_results
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
            "/* kyt_results::released */ UPDATE chainalysis_kyt_results SET worker_id = NULL, due_at = {now+ms},
               failing_since = ?, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END
             WHERE request_id = ? AND worker_id = ?",
            values![next, failing_since, request_id, worker],
        )
        .await?;
    one(changed)
}

/// The result is there. Once for each request.
///
/// # Errors
/// [`StoreError`].
pub async fn assessed(
    tx: &mut Tx,
    request_id: &str,
    worker: &str,
    said: &Assessed,
) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            "/* kyt_results::assessed */ UPDATE chainalysis_kyt_results SET status = 'PROCESSED',
               network = COALESCE(?, network), asset = COALESCE(?, asset), amount = COALESCE(?, amount), usd_price = ?,
               output_address = COALESCE(?, output_address), timestamp = COALESCE(?, timestamp), alert_count = ?,
               assessed_at = ?, updated_at = ?, failing_since = NULL, attempts = 0, worker_id = NULL, due_at = {now+ms}
             WHERE request_id = ? AND worker_id = ? AND status IN ('REGISTERED', 'CHECKING')",
            values![
                &said.network,
                &said.asset,
                &said.amount,
                &said.usd_price,
                &said.output_address,
                said.timestamp,
                said.alert_count,
                said.assessed_at,
                said.at,
                said.look_again,
                request_id,
                worker
            ],
        )
        .await?;
    one(changed)
}

/// It was looked for further alerts: so many are there now. The next look is after `next`; none: there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn looked_again(
    tx: &mut Tx,
    request_id: &str,
    worker: &str,
    alert_count: u32,
    assessed_at: Option<Timestamp>,
    at: Timestamp,
    next: Option<Duration>,
) -> Result<(), StoreError> {
    let changed = tx
        .execute(
            "/* kyt_results::looked_again */ UPDATE chainalysis_kyt_results SET late_checks = late_checks + 1,
               alert_count = ?, assessed_at = COALESCE(?, assessed_at), updated_at = ?, failing_since = NULL,
               attempts = 0, worker_id = NULL, due_at = {now+ms}
             WHERE request_id = ? AND worker_id = ? AND status = 'PROCESSED'",
            values![alert_count, assessed_at, at, next, request_id, worker],
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
            "/* kyt_results::failed */ UPDATE chainalysis_kyt_results SET status = 'ERROR', reason = ?, updated_at = ?,
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
