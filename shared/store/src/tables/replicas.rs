//! Which processes share the work of a service, and which part of its limits each of them takes. All by the database's
//! clock.

use std::time::Duration;

use waybill_domain::Place;

use crate::sql::values;
use crate::{StoreError, Tx};

/// What a process says of one service that it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replica {
    /// The service.
    pub part: String,
    /// Tells the process from all others.
    pub node_id: String,
    /// What it takes of each limit at the most.
    pub claim: Place,
}

/// Notes that a process is there. One that was not heard of for longer than `live` comes back as the last; false for it,
/// and for one that was not known.
///
/// # Errors
/// [`StoreError`].
pub async fn put(tx: &mut Tx, replica: &Replica, live: Duration) -> Result<bool, StoreError> {
    let Replica { part, node_id, claim } = replica;
    let still_there = tx
        .execute(
            "/* replicas::put */ UPDATE replicas SET place = ?, places = ?, seen_at = {now}
             WHERE part = ? AND node_id = ? AND seen_at > {now+ms}",
            values![claim.number, claim.of, part, node_id, ago(live)],
        )
        .await?;
    if still_there > 0 {
        return Ok(true);
    }
    let known = tx
        .execute(
            "/* replicas::put_again */ UPDATE replicas
             SET joined_at = {now}, place = ?, places = ?, seen_at = {now} WHERE part = ? AND node_id = ?",
            values![claim.number, claim.of, part, node_id],
        )
        .await?;
    if known == 0 {
        tx.insert(
            "/* replicas::put_first */ INSERT INTO replicas (part, node_id, joined_at, place, places, seen_at)
             VALUES (?, ?, {now}, ?, ?, {now}) {unless there}",
            values![part, node_id, claim.number, claim.of],
        )
        .await?;
    }
    Ok(false)
}

/// Those heard of within `live`, the oldest of each service first. Whoever was last heard of long after now is gone too:
/// the clock was set back, and the living have spoken since.
///
/// # Errors
/// [`StoreError`].
pub async fn living(tx: &mut Tx, live: Duration) -> Result<Vec<Replica>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* replicas::living */ SELECT part, node_id, place, places FROM replicas
             WHERE seen_at > {now+ms} AND seen_at < {now+ms} ORDER BY part, joined_at, node_id",
            values![ago(live), live],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Replica {
                part: row.text("part")?,
                node_id: row.text("node_id")?,
                claim: Place { number: row.count("place")?, of: row.count("places")? },
            })
        })
        .collect()
}

/// Forgets a process that has stopped, and all that were not heard of for so long.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(tx: &mut Tx, node_id: &str, unheard: Duration) -> Result<(), StoreError> {
    tx.execute(
        "/* replicas::forget */ DELETE FROM replicas WHERE node_id = ? OR seen_at < {now+ms}",
        values![node_id, ago(unheard)],
    )
    .await
    .map(drop)
}

/// Milliseconds to add to the present to get there.
fn ago(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).map_or(0, |ms| -ms)
}
