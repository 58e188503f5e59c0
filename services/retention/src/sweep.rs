//! What the database remembers about runs: who is at it, when the last one ended, and what an unfinished one has
//! deleted so far, so that the audit is complete whoever dies.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use waybill_domain::{Timestamp, format_time, parse_time, truncate_to_millis};
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::verifications::Cursor;
use waybill_store::tables::{clock, facts, leases};
use waybill_store::{StoreError, Tx};

use crate::bounds::Bounds;
use crate::tally::Tally;
use crate::things::{Next, Thing};

const LEASE: &str = "retention";
/// Time and period of the last whole run: another period makes the next one due at once.
const ENDED: &str = "retention.ended";
const SO_FAR: &str = "retention.so_far";

/// For so long nobody else takes over from a process that died. Renewed with each batch.
pub(crate) const LEASE_LENGTH: Duration = Duration::from_secs(30);
/// From the end of one run to the beginning of the next, over all processes.
pub(crate) const EVERY: Duration = Duration::from_secs(3600);

/// How an attempt to run went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sweep {
    /// Everything that was due is gone.
    Done(Tally),
    /// This much is gone; the rest waits for the next run, so that none is endless.
    Stopped(Tally),
    /// Another process is at it.
    Busy,
    /// The last run was less than an hour ago.
    NotDue {
        /// When the next one is due, from now.
        wait: Duration,
    },
}

/// Whether to begin.
pub(crate) enum Begin {
    /// Yes; the time by the database's clock.
    Now(Timestamp),
    No(Sweep),
}

/// Takes the lease, when a run is due or wanted anyway. `period` is that of verifications.
pub(crate) async fn begin(
    tx: &mut Tx,
    token: &str,
    period: Option<Duration>,
    anyway: bool,
) -> Result<Begin, StoreError> {
    let now = clock::now(tx).await?;
    let last = facts::get(tx, ENDED).await?.unwrap_or_default();
    let ended = last.strip_suffix(&suffix(period)).and_then(|at| parse_time(at).ok());
    if let Some(ended) = ended.filter(|_| !anyway) {
        let since = (now - ended).to_std().unwrap_or_default();
        if since < EVERY {
            return Ok(Begin::No(Sweep::NotDue { wait: EVERY - since }));
        }
    }
    let taken = leases::acquire(tx, LEASE, token, LEASE_LENGTH).await?;
    Ok(if taken { Begin::Now(now) } else { Begin::No(Sweep::Busy) })
}

/// One batch, if the lease is still ours.
pub(crate) async fn step(
    tx: &mut Tx,
    token: &str,
    thing: &Arc<dyn Thing>,
    from: Option<Cursor>,
    limit: u32,
) -> Result<Option<Next>, StoreError> {
    if !leases::acquire(tx, LEASE, token, LEASE_LENGTH).await? {
        return Ok(None);
    }
    let batch = thing.delete(tx, from, limit).await?;
    if !batch.deleted.is_empty() {
        let mut so_far = so_far(tx).await?;
        so_far += &batch.deleted;
        let now = clock::now(tx).await?;
        facts::put(tx, SO_FAR, &so_far.to_json().to_string(), now).await?;
    }
    Ok(Some(batch.next))
}

/// Ends a run, if the lease is still ours: the audit says what was deleted, also by earlier runs that were cut off.
pub(crate) async fn end(
    tx: &mut Tx,
    token: &str,
    actor: &str,
    bounds: &Bounds,
    period: Option<Duration>,
    whole: bool,
) -> Result<Option<Tally>, StoreError> {
    if !leases::acquire(tx, LEASE, token, LEASE_LENGTH).await? {
        return Ok(None);
    }
    let deleted = so_far(tx).await?;
    let now = truncate_to_millis(clock::now(tx).await?);
    if !deleted.is_empty() {
        let before = bounds.verifications.map(|outdated| format_time(outdated.created_before));
        let detail = json!({"deleted": deleted.to_json(), "verificationsBefore": before, "whole": whole});
        let (event, actor) = ("RETENTION", actor.to_owned());
        audit::append(tx, &AuditEntry { at: now, event, actor, subject: None, detail }).await?;
        facts::remove(tx, SO_FAR).await?;
    }
    if whole {
        facts::put(tx, ENDED, &(format_time(now) + &suffix(period)), now).await?;
    }
    release(tx, token).await?;
    Ok(Some(deleted))
}

/// Lets another process go on.
pub(crate) async fn release(tx: &mut Tx, token: &str) -> Result<(), StoreError> {
    leases::release(tx, LEASE, token).await
}

fn suffix(period: Option<Duration>) -> String {
    period.map_or_else(|| " for ever".to_owned(), |period| format!(" after {} s", period.as_secs()))
}

async fn so_far(tx: &mut Tx) -> Result<Tally, StoreError> {
    Ok(facts::get(tx, SO_FAR).await?.map(|text| Tally::from_json(&text)).unwrap_or_default())
}
