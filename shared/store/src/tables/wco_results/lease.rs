//! Finding requests, and leasing those that are due.

use std::time::Duration;

use waybill_domain::Timestamp;

use super::WcoRow;
use crate::sql::{Value, listed, values};
use crate::{StoreError, Tx};

/// The request with an id.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, request_id: &str) -> Result<Option<WcoRow>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* wco_results::find */ SELECT * FROM refinitiv_wco_results WHERE request_id = ?",
            values![request_id],
        )
        .await?;
    row.as_ref().map(WcoRow::read).transpose()
}

/// Leases those that are longest due, `limit` at the most: nobody else gets them before the lease is over. They are given
/// as they were, but for the lease. By the database's clock, or by `now`, where a test turns it.
///
/// # Errors
/// [`StoreError`].
pub async fn claim(
    tx: &mut Tx,
    worker: &str,
    lease: Duration,
    limit: u32,
    now: Option<Timestamp>,
) -> Result<Vec<WcoRow>, StoreError> {
    let rows = match now {
        None => {
            let due = "/* wco_results::due */ SELECT * FROM refinitiv_wco_results WHERE due_at <= {now}
                 ORDER BY due_at LIMIT ? {skip locked}";
            tx.fetch_all(due, values![limit]).await?
        }
        Some(now) => {
            let due = "/* wco_results::due_by */ SELECT * FROM refinitiv_wco_results WHERE due_at <= ?
                 ORDER BY due_at LIMIT ? {skip locked}";
            tx.fetch_all(due, values![now, limit]).await?
        }
    };
    let mut rows = rows.iter().map(WcoRow::read).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let Some((marks, ids)) = listed(&ids) else { return Ok(rows) };
    let mut arguments = vec![Value::from(worker)];
    let (checked, until) = match now {
        None => {
            arguments.push(Value::from(lease));
            ("{now}", "{now+ms}")
        }
        Some(now) => {
            arguments.extend([Value::from(now), Value::from(now + lease)]);
            ("?", "?")
        }
    };
    let statement = format!(
        "/* wco_results::claim */ UPDATE refinitiv_wco_results
         SET status = CASE WHEN status = 'REGISTERED' AND registered_at IS NOT NULL THEN 'CHECKING' ELSE status END,
           worker_id = ?, last_checked_at = {checked}, due_at = {until}, attempts = attempts + 1
         WHERE id IN ({marks})"
    );
    arguments.extend(ids);
    tx.execute_built("/* wco_results::claim */", statement, &arguments).await?;
    for row in &mut rows {
        row.worker_id = Some(worker.to_owned());
        row.attempts = row.attempts.saturating_add(1);
    }
    Ok(rows)
}

/// Makes everything due that somebody has leased; gives how many. For a process that has the database to itself and just
/// starts: whoever had them is gone.
///
/// # Errors
/// [`StoreError`].
pub async fn take_over(tx: &mut Tx) -> Result<u64, StoreError> {
    tx.execute(
        "/* wco_results::take_over */ UPDATE refinitiv_wco_results SET worker_id = NULL, due_at = {now}
         WHERE worker_id IS NOT NULL AND due_at IS NOT NULL",
        &[],
    )
    .await
}

/// How many are due, and for how long the longest: 1000 are counted at the most.
///
/// # Errors
/// [`StoreError`].
pub async fn due(tx: &mut Tx) -> Result<(u32, Duration), StoreError> {
    let rows = tx
        .fetch_all(
            "/* wco_results::count_due */ SELECT due_at, {now} AS now_there FROM refinitiv_wco_results
             WHERE due_at <= {now} ORDER BY due_at LIMIT 1000",
            &[],
        )
        .await?;
    let Some(first) = rows.first() else { return Ok((0, Duration::ZERO)) };
    let age = (first.time("now_there")? - first.time("due_at")?).to_std().unwrap_or_default();
    Ok((u32::try_from(rows.len()).unwrap_or(u32::MAX), age))
}
