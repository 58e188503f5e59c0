//! Destinations that all processes leave alone for a while, and who sees whether they work again. All by the
//! database's clock; what would last longer than the longest pause was noted before it was set back, and is over.

use std::time::Duration;

use waybill_domain::Timestamp;

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// The most that are read; destinations are our backend and members, so there are far fewer.
const MOST: u32 = 4096;

/// A destination in trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenBreaker {
    /// Its name.
    pub destination: String,
    /// How long nobody calls it from now on; zero: one sees whether it works again.
    pub left: Duration,
    /// How long one process may still take to see that; zero: nobody is at it.
    pub probed_for: Duration,
    /// How often that was tried in vain.
    pub failed_probes: u32,
}

/// What became of the wish to see whether a destination works again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProbeClaim {
    /// Whoever asked is the one.
    Taken,
    /// Not before this is over: the pause, or the call of somebody else.
    Refused(OpenBreaker),
    /// Nobody has trouble with it any more.
    Closed,
}

/// Notes that a destination is to be left alone for `left` from now, at most for `longest`, and that nobody probes it; a
/// longer pause that is noted already stays.
/// What is over for longer than `forget_after` is forgotten.
///
/// # Errors
/// [`StoreError`].
pub async fn open(
    tx: &mut Tx,
    breaker: &OpenBreaker,
    longest: Duration,
    forget_after: Duration,
) -> Result<(), StoreError> {
    let OpenBreaker { destination, left, failed_probes, .. } = breaker;
    let long_ago = i64::try_from(forget_after.as_millis()).map_or(0, |ms| -ms);
    tx.execute(
        "/* open_breakers::forget */ DELETE FROM open_breakers WHERE open_until < {now+ms} AND probe_until < {now}",
        values![long_ago],
    )
    .await?;
    let known = tx
        .execute(
            "/* open_breakers::open */ UPDATE open_breakers
             SET failed_probes = ?, open_until = {now+ms}, probe_until = {now}, probed_by = NULL
             WHERE destination = ? AND (open_until < {now+ms} OR open_until > {now+ms})",
            values![*failed_probes, *left, destination, *left, longest],
        )
        .await?;
    if known == 0 {
        tx.insert(
            "/* open_breakers::open_first */ INSERT INTO open_breakers
               (destination, failed_probes, open_until, probe_until) VALUES (?, ?, {now+ms}, {now}) {unless there}",
            values![destination, *failed_probes, *left],
        )
        .await?;
    }
    Ok(())
}

/// Notes that a destination works again.
///
/// # Errors
/// [`StoreError`].
pub async fn close(tx: &mut Tx, destination: &str) -> Result<(), StoreError> {
    let close = "/* open_breakers::close */ DELETE FROM open_breakers WHERE destination = ?";
    tx.execute(close, values![destination]).await.map(drop)
}

/// Asks to be the one that sees whether a destination works again, for no longer than `length`.
///
/// # Errors
/// [`StoreError`].
pub async fn claim_probe(
    tx: &mut Tx,
    destination: &str,
    node_id: &str,
    length: Duration,
    longest: Duration,
) -> Result<ProbeClaim, StoreError> {
    let taken = tx
        .execute(
            "/* open_breakers::claim_probe */ UPDATE open_breakers SET probe_until = {now+ms}, probed_by = ?
             WHERE destination = ? AND (open_until <= {now} OR open_until > {now+ms})
               AND (probe_until <= {now} OR probe_until > {now+ms})",
            values![length, node_id, destination, longest, longest],
        )
        .await?;
    if taken == 1 {
        return Ok(ProbeClaim::Taken);
    }
    let row = tx
        .fetch_optional(
            "/* open_breakers::find */ SELECT destination, failed_probes, open_until, probe_until, {now} AS now_there
             FROM open_breakers WHERE destination = ?",
            values![destination],
        )
        .await?;
    match row {
        None => Ok(ProbeClaim::Closed),
        Some(row) => Ok(ProbeClaim::Refused(read(&row, longest)?)),
    }
}

/// Gives the right to see back, after nothing was seen.
///
/// # Errors
/// [`StoreError`].
pub async fn release_probe(tx: &mut Tx, destination: &str, node_id: &str) -> Result<(), StoreError> {
    tx.execute(
        "/* open_breakers::release_probe */ UPDATE open_breakers SET probe_until = {now}, probed_by = NULL
         WHERE destination = ? AND probed_by = ?",
        values![destination, node_id],
    )
    .await
    .map(drop)
}

/// All destinations in trouble.
///
/// # Errors
/// [`StoreError`].
pub async fn all(tx: &mut Tx, longest: Duration) -> Result<Vec<OpenBreaker>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* open_breakers::all */ SELECT destination, failed_probes, open_until, probe_until, {now} AS now_there
             FROM open_breakers ORDER BY destination LIMIT ?",
            values![MOST],
        )
        .await?;
    rows.iter().map(|row| read(row, longest)).collect()
}

fn read(row: &Row, longest: Duration) -> Result<OpenBreaker, StoreError> {
    let now = row.time("now_there")?;
    let left = |until: Timestamp| match (until - now).to_std() {
        Ok(left) if left <= longest => left,
        _ => Duration::ZERO,
    };
    Ok(OpenBreaker {
        destination: row.text("destination")?,
        left: left(row.time("open_until")?),
        probed_for: left(row.time("probe_until")?),
        failed_probes: row.count("failed_probes")?,
    })
}
