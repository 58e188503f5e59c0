//! Handing commands out, each to one worker at a time, by the database's clock.

use std::time::Duration;

use waybill_domain::{CommandId, Timestamp};

use super::CommandLease;
use crate::sql::{Row, Value, listed, values};
use crate::{StoreError, Tx};

/// Leases that end at once are looked at so many at a time.
const EXPIRED_AT_ONCE: u32 = 256;
const DEADLY: &str = "whoever took it was lost, again and again";

/// A command that a worker may work on until its lease ends.
#[derive(Debug, Clone)]
pub struct ClaimedCommand {
    /// Its id.
    pub id: CommandId,
    /// What kind of work it is.
    pub kind: &'static str,
    /// Ids and codes, JSON.
    pub body: String,
    /// When it was added, or handed out again by an operator after it had been given up: its age counts from then.
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
    take(tx, kind, &rows, lease).await
}

/// Leases those of the named commands that are due, as [`claim`] does. The others are left to whoever publishes: they
/// wait for a time or for an earlier one of their group, or somebody else has them.
///
/// # Errors
/// [`StoreError`].
pub async fn claim_named(
    tx: &mut Tx,
    kind: &'static str,
    ids: &[CommandId],
    lease: &CommandLease,
) -> Result<Vec<ClaimedCommand>, StoreError> {
    let wanted: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let Some((marks, named)) = listed(&wanted) else { return Ok(Vec::new()) };
    // No condition on the status: with one PostgreSQL looks for them among all that wait, by the index of those.
    let statement = format!(
        "/* commands::claim_named */ SELECT c.*, CASE WHEN c.status = 'CREATED' AND c.due_at <= {{now}}
             AND NOT EXISTS (
               SELECT 1 FROM commands AS e
               WHERE e.group_key = c.group_key AND e.command_type = c.command_type
                 AND e.command_id < c.command_id AND e.status IN ('CREATED', 'PROCESSING')
                 AND e.holds_until > {{now}})
             THEN 1 ELSE 0 END AS is_due
         FROM commands AS c WHERE c.command_id IN ({marks}) AND c.command_type = ? {{skip locked}}"
    );
    let mut values = named;
    values.push(Value::from(kind));
    let mut rows = Vec::new();
    for row in tx.fetch_built("/* commands::claim_named */", statement, &values).await? {
        if row.int("is_due")? == 1 {
            rows.push(row);
        }
    }
    let claimed = take(tx, kind, &rows, lease).await?;
    let left = ids.iter().copied().filter(|id| claimed.iter().all(|command| command.id != *id));
    if super::publish::unpublish(tx, &left.collect::<Vec<_>>()).await? > 0 {
        tx.note_command(kind); // somebody had it locked for a moment: whoever publishes is not to wait for its next look
    }
    Ok(claimed)
}

async fn take(
    tx: &mut Tx,
    kind: &'static str,
    rows: &[Row],
    lease: &CommandLease,
) -> Result<Vec<ClaimedCommand>, StoreError> {
    let mut readable = Vec::with_capacity(rows.len());
    for row in rows {
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

/// Makes commands whose lease ended due again, and gives those up whose workers were lost `most` times in a row: they
/// may be what kills them. Some at a time.
///
/// # Errors
/// [`StoreError`].
pub async fn requeue_expired(tx: &mut Tx, most: u32) -> Result<Expired, StoreError> {
    let rows = tx
        .fetch_all(
            "/* commands::expired */ SELECT command_id, abandoned FROM commands
             WHERE status = 'PROCESSING' AND lease_until < {now} LIMIT ? {skip locked}",
            values![EXPIRED_AT_ONCE],
        )
        .await?;
    let (mut lost, mut deadly) = (Vec::new(), Vec::new());
    for row in &rows {
        let again = row.count("abandoned")?.saturating_add(1) < most;
        if again { &mut lost } else { &mut deadly }.push(row.int("command_id")?);
    }
    if let Some((marks, ids)) = listed(&lost) {
        let statement = format!(
            "/* commands::requeue_expired */ UPDATE commands
             SET status = 'CREATED', due_at = {{now}}, lease_token = NULL, lease_until = NULL, published_at = NULL,
               abandoned = abandoned + 1
             WHERE command_id IN ({marks})"
        );
        tx.execute_built("/* commands::requeue_expired */", statement, &ids).await?;
    }
    if let Some((marks, ids)) = listed(&deadly) {
        let statement = format!(
            "/* commands::give_up_deadly */ UPDATE commands
             SET status = 'ERROR', finished_at = {{now}}, lease_token = NULL, lease_until = NULL, last_error = ?
             WHERE command_id IN ({marks})"
        );
        let mut values = vec![Value::from(DEADLY)];
        values.extend(ids);
        tx.execute_built("/* commands::give_up_deadly */", statement, &values).await?;
    }
    Ok(Expired { requeued: lost.len() as u64, given_up: deadly.len() as u64 })
}

/// What became of the commands whose lease ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expired {
    /// Handed out again.
    pub requeued: u64,
    /// Given up.
    pub given_up: u64,
}

/// Makes every command due that somebody holds; gives how many. For a process that has the database to itself and just
/// starts: whoever held them is gone.
///
/// # Errors
/// [`StoreError`].
pub async fn requeue_held(tx: &mut Tx) -> Result<u64, StoreError> {
    tx.execute(
        "/* commands::requeue_held */ UPDATE commands
             SET status = 'CREATED', due_at = {now}, lease_token = NULL, lease_until = NULL, published_at = NULL
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
             SET status = 'CREATED', due_at = {now}, lease_token = NULL, lease_until = NULL, published_at = NULL
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
        created_at: row.opt_time("redriven_at")?.map_or_else(|| row.time("created_at"), Ok)?,
        attempts: row.count("attempts")?.saturating_add(1),
        group_key: row.opt_text("group_key")?,
        traceparent: row.opt_text("traceparent")?,
        last_error: row.opt_text("last_error")?,
        lease_token: lease.token.clone(),
    })
}
