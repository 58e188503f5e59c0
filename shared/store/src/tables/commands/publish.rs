//! Which commands the broker has: those with a time of publication. It is set before a command is published, so that
//! two who publish do not take the same one, and taken back when the broker did not take it.

use std::time::Duration;

use waybill_domain::CommandId;

use crate::sql::{Value, listed, values};
use crate::{StoreError, Tx};

/// A command that the broker is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpublished {
    /// Its id.
    pub id: CommandId,
    /// What kind of work it is.
    pub kind: String,
    /// Trace context of the cause.
    pub traceparent: Option<String>,
}

/// Marks up to `limit` commands as published that are due and wait for no other, and gives them, the longest due
/// first. Not those of the kinds in `except`.
///
/// # Errors
/// [`StoreError`].
pub async fn publish(tx: &mut Tx, except: &[&str], limit: u32) -> Result<Vec<Unpublished>, StoreError> {
    let other = if except.is_empty() {
        String::new()
    } else {
        format!("AND c.command_type NOT IN ({})", vec!["?"; except.len()].join(", "))
    };
    let statement = format!(
        "/* commands::publish */ SELECT c.command_id, c.command_type, c.traceparent FROM commands AS c
         WHERE c.status = 'CREATED' AND c.published_at IS NULL AND c.due_at <= {{now}} {other}
           AND NOT EXISTS (
             SELECT 1 FROM commands AS e
             WHERE e.group_key = c.group_key AND e.command_type = c.command_type
               AND e.command_id < c.command_id AND e.status IN ('CREATED', 'PROCESSING')
               AND e.holds_until > {{now}})
         ORDER BY c.due_at LIMIT ? {{skip locked}}"
    );
    let mut values: Vec<_> = except.iter().map(|kind| Value::from(*kind)).collect();
    values.push(Value::from(limit));
    let rows = tx.fetch_built("/* commands::publish */", statement, &values).await?;
    let commands = rows
        .iter()
        .map(|row| {
            Ok(Unpublished {
                id: CommandId::new(row.int("command_id")?),
                kind: row.text("command_type")?,
                traceparent: row.opt_text("traceparent")?,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let ids: Vec<_> = commands.iter().map(|command| command.id.get()).collect();
    if let Some((marks, ids)) = listed(&ids) {
        let statement = format!(
            "/* commands::mark_published */ UPDATE commands SET published_at = {{now}} WHERE command_id IN ({marks})"
        );
        tx.execute_built("/* commands::mark_published */", statement, &ids).await?;
    }
    Ok(commands)
}

/// Takes the mark back from commands that are still to be handed out.
///
/// # Errors
/// [`StoreError`].
pub async fn unpublish(tx: &mut Tx, ids: &[CommandId]) -> Result<u64, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.get()).collect();
    let Some((marks, ids)) = listed(&ids) else { return Ok(0) };
    let statement = format!(
        "/* commands::unpublish */ UPDATE commands SET published_at = NULL
         WHERE command_id IN ({marks}) AND status = 'CREATED'"
    );
    tx.execute_built("/* commands::unpublish */", statement, &ids).await
}

/// The kinds of commands that were published before so long and that nobody took. They may be waiting on the broker.
///
/// # Errors
/// [`StoreError`].
pub async fn long_published(tx: &mut Tx, published_before: Duration) -> Result<Vec<String>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* commands::long_published */ SELECT DISTINCT command_type FROM commands
             WHERE status = 'CREATED' AND due_at <= {now} AND published_at < {now+ms}",
            values![ago(published_before)],
        )
        .await?;
    rows.iter().map(|row| row.text("command_type")).collect()
}

/// Takes the mark back from commands of a kind that were published long ago and that nobody took. Only when the broker
/// has none of that kind left: else they are merely waiting there.
///
/// # Errors
/// [`StoreError`].
pub async fn reclaim_lost(tx: &mut Tx, kind: &str, published_before: Duration) -> Result<u64, StoreError> {
    tx.execute(
        "/* commands::reclaim_lost */ UPDATE commands SET published_at = NULL
         WHERE status = 'CREATED' AND command_type = ? AND due_at <= {now} AND published_at < {now+ms}",
        values![kind, ago(published_before)],
    )
    .await
}

/// Takes the mark back from some commands of a kind that were published very long ago and that nobody took, the longest
/// due first; gives how many. They may still be waiting on the broker: a message that comes twice finds nothing to do.
///
/// # Errors
/// [`StoreError`].
pub async fn repeat_oldest(
    tx: &mut Tx,
    kind: &str,
    published_before: Duration,
    limit: u32,
) -> Result<u64, StoreError> {
    let rows = tx
        .fetch_all(
            "/* commands::repeat_oldest */ SELECT command_id FROM commands
             WHERE status = 'CREATED' AND command_type = ? AND due_at <= {now} AND published_at < {now+ms}
             ORDER BY due_at LIMIT ? {skip locked}",
            values![kind, ago(published_before), limit],
        )
        .await?;
    let ids =
        rows.iter().map(|row| row.int("command_id").map(CommandId::new)).collect::<Result<Vec<_>, _>>()?;
    unpublish(tx, &ids).await
}

/// How long until a command is due that the broker does not have; zero when one is, `None` when there is none.
/// Commands that wait for an earlier one of their group count as due.
///
/// # Errors
/// [`StoreError`].
pub async fn next_unpublished(tx: &mut Tx) -> Result<Option<Duration>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* commands::next_unpublished */ SELECT due_at, {now} AS asked_at FROM commands
             WHERE status = 'CREATED' AND published_at IS NULL ORDER BY due_at LIMIT 1",
            &[],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let wait = row.time("due_at")? - row.time("asked_at")?;
    Ok(Some(wait.to_std().unwrap_or_default())) // negative when it is due
}

/// What leads back so far from now.
pub(super) fn ago(length: Duration) -> i64 {
    -i64::try_from(length.as_millis()).unwrap_or(i64::MAX / 1000)
}
