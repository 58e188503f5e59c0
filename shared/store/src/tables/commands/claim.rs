//! Handing commands out, each to one worker at a time, by the database's clock.

use std::time::Duration;

use waybill_domain::{CommandId, Timestamp};

use super::CommandLease;
use crate::sql::{Row, Value, listed, values};
use crate::{StoreError, Tx};

/// A command that a worker may work on until its lease ends.
#[derive(Debug, Clone)]
pub struct ClaimedCommand {
    /// Its id.
    pub id: CommandId,
    /// What kind of work it is.
    pub kind: &'static str,
    /// Ids and codes, JSON.
    pub body: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// How often it was handed out, this time included.
    pub attempts: u32,
    /// Commands of one kind with the same key belong together.
    pub group_key: Option<String>,
    /// Trace context of the cause.
    pub traceparent: Option<String>,
    /// Why it was given back last.
    pub last_error: Option<String>,
    /// Proves that the lease is this worker's.
    pub lease_token: String,
}

/// Leases up to `limit` due commands of a kind, those that are due for longest, in the order of their ids. `lease.token` must be new for each call.
/// A row that cannot be read is given up, so that it does not keep the others from being handed out.
///
/// # Errors
/// [`StoreError`].
pub async fn claim(
    tx: &mut Tx,
    kind: &'static str,
    limit: u32,
    lease: &CommandLease,
) -> Result<Vec<ClaimedCommand>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* commands::claim */ SELECT * FROM commands AS c
             WHERE c.status = 'CREATED' AND c.command_type = ? AND c.due_at <= {now}
               AND NOT EXISTS (
                 SELECT 1 FROM commands AS e
                 WHERE e.group_key = c.group_key AND e.command_type = c.command_type
                   AND e.command_id < c.command_id AND e.status IN ('CREATED', 'PROCESSING')
                   AND e.holds_until > {now})
             ORDER BY c.due_at LIMIT ? {skip locked}",
            values![kind, limit],
        )
        .await?;
    let mut readable = Vec::with_capacity(rows.len());
    for row in &rows {
        match read(kind, row, lease) {
            Ok(command) => readable.push(command),
            Err(error) => set_aside(tx, row, &error).await?,
        }
    }
    readable.sort_unstable_by_key(|command| command.id);
    hand_out(tx, &readable, lease).await?;
    Ok(readable)
}

/// Nobody else can have taken them meanwhile: this transaction has them locked.
async fn hand_out(tx: &mut Tx, commands: &[ClaimedCommand], lease: &CommandLease) -> Result<(), StoreError> {
    let ids: Vec<i64> = commands.iter().map(|command| command.id.get()).collect();
    let Some((marks, ids)) = listed(&ids) else { return Ok(()) };
    let statement = format!(
        "/* commands::hand_out */ UPDATE commands SET status = 'PROCESSING', fetched_at = {{now}},
           published_at = {{now}}, attempts = attempts + 1, lease_token = ?, lease_until = {{now+ms}}
         WHERE command_id IN ({marks})"
    );
    let mut values = vec![Value::from(&lease.token), Value::from(lease.length)];
    values.extend(ids);
    tx.execute_built("/* commands::hand_out */", statement, &values).await.map(drop)
}

async fn set_aside(tx: &mut Tx, row: &Row, error: &StoreError) -> Result<(), StoreError> {
    let id = CommandId::new(row.int("command_id")?);
    tracing::error!(alarm = "dead-letter", %id, %error, "the command is given up");
    tx.execute(
        "/* commands::set_aside */ UPDATE commands SET status = 'ERROR', finished_at = {now}, lease_token = NULL,
           lease_until = NULL, last_error = ? WHERE command_id = ?",
        values![error.to_string(), id],
    )
    .await
    .map(drop)
}

/// Makes commands whose lease ended due again; gives how many.
///
/// # Errors
/// [`StoreError`].
pub async fn requeue_expired(tx: &mut Tx) -> Result<u64, StoreError> {
    tx.execute(
        "/* commands::requeue_expired */ UPDATE commands
             SET status = 'CREATED', due_at = {now}, lease_token = NULL, lease_until = NULL
             WHERE status = 'PROCESSING' AND lease_until < {now}",
        &[],
    )
    .await
}

/// Makes every command due that somebody holds; gives how many. For a process that has the database to itself and just
/// starts: whoever held them is gone.
///
/// # Errors
/// [`StoreError`].
pub async fn requeue_held(tx: &mut Tx) -> Result<u64, StoreError> {
    tx.execute(
        "/* commands::requeue_held */ UPDATE commands
             SET status = 'CREATED', due_at = {now}, lease_token = NULL, lease_until = NULL
             WHERE status = 'PROCESSING' AND lease_until IS NOT NULL",
        &[],
    )
    .await
}

/// As [`requeue_held`], but only what is held under tokens that begin with `worker`: for a process that shares the
/// database and just starts again. `worker` is letters and digits.
///
/// # Errors
/// [`StoreError`].
pub async fn requeue_held_by(tx: &mut Tx, worker: &str) -> Result<u64, StoreError> {
    tx.execute(
        "/* commands::requeue_held_by */ UPDATE commands
             SET status = 'CREATED', due_at = {now}, lease_token = NULL, lease_until = NULL
             WHERE status = 'PROCESSING' AND lease_until IS NOT NULL AND lease_token LIKE ?",
        values![format!("{worker}%")],
    )
    .await
}

/// How long until the next command of a kind is due; zero when one is, `None` when there is none.
/// Commands that wait for an earlier one of their group count as due.
///
/// # Errors
/// [`StoreError`].
pub async fn next_due(tx: &mut Tx, kind: &str) -> Result<Option<Duration>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* commands::next_due */ SELECT due_at, {now} AS asked_at FROM commands
             WHERE status = 'CREATED' AND command_type = ? ORDER BY due_at LIMIT 1",
            values![kind],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let wait = row.time("due_at")? - row.time("asked_at")?;
    Ok(Some(wait.to_std().unwrap_or_default())) // negative when it is due
}

fn read(kind: &'static str, row: &Row, lease: &CommandLease) -> Result<ClaimedCommand, StoreError> {
    Ok(ClaimedCommand {
        id: CommandId::new(row.int("command_id")?),
        kind,
        body: row.text("command_body")?,
        created_at: row.time("created_at")?,
        attempts: row.count("attempts")?.saturating_add(1),
        group_key: row.opt_text("group_key")?,
        traceparent: row.opt_text("traceparent")?,
        last_error: row.opt_text("last_error")?,
        lease_token: lease.token.clone(),
    })
}
