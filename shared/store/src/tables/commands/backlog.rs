//! How much waits, for those who watch over the node.

use std::time::Duration;

use waybill_domain::Timestamp;

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// The commands of a kind that are not done and that no worker has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Due.
    pub due: u64,
    /// Due later.
    pub delayed: u64,
    /// How long the one that is due the longest has been due; zero when none is.
    pub overdue: Duration,
    /// Since when the oldest, due or not, has been there; zero when there is none.
    pub oldest: Duration,
}

/// Counts the commands of a kind that wait. Reads each of them, from an index: not for every second.
///
/// # Errors
/// [`StoreError`].
pub async fn backlog(tx: &mut Tx, kind: &str) -> Result<Backlog, StoreError> {
    let due = tx
        .fetch_optional(
            "/* commands::backlog_due */ SELECT COUNT(*) AS waiting, MIN(due_at) AS first, {now} AS asked_at
             FROM commands WHERE status = 'CREATED' AND command_type = ? AND due_at <= {now}",
            values![kind],
        )
        .await?;
    let all = tx
        .fetch_optional(
            "/* commands::backlog */ SELECT COUNT(*) AS waiting, MIN(created_at) AS first, {now} AS asked_at
             FROM commands WHERE status = 'CREATED' AND command_type = ?",
            values![kind],
        )
        .await?;
    let (due, overdue) = read(due.as_ref())?;
    let (all, oldest) = read(all.as_ref())?;
    Ok(Backlog { due, delayed: all.saturating_sub(due), overdue, oldest })
}

/// How many, and how long ago the first.
fn read(row: Option<&Row>) -> Result<(u64, Duration), StoreError> {
    let Some(row) = row else { return Ok((0, Duration::ZERO)) };
    let count = u64::try_from(row.int("waiting")?).map_err(|_| StoreError::Unreadable("waiting"))?;
    let asked_at: Timestamp = row.time("asked_at")?;
    let since = row
        .opt_time("first")?
        .map_or(Duration::ZERO, |first| (asked_at - first).to_std().unwrap_or_default());
    Ok((count, since))
}
