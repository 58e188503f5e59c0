//! Commands that were given up, for operators: looking at them, handing them out again, putting them away.

use std::time::Duration;

use waybill_domain::{CommandId, Timestamp};

use super::inspect::read;
use super::publish::ago;
use super::{CommandRow, CommandStatus};
use crate::sql::{Value, values};
use crate::{StoreError, Tx};

/// Which commands that were given up are wanted; all conditions hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeadFilter {
    /// Of this kind.
    pub kind: Option<String>,
    /// Given up at least so long ago, by the database's clock.
    pub older_than: Option<Duration>,
    /// Given up less than so long ago.
    pub younger_than: Option<Duration>,
    /// Whose reason contains this, in whatever case.
    pub reason: Option<String>,
    /// Those that were put away, instead of those that were not.
    pub dropped: bool,
    /// Added before the command with this id: the next page.
    pub before: Option<CommandId>,
}

/// The commands that were given up and match, newest first, `limit` at the most.
///
/// # Errors
/// [`StoreError`].
pub async fn list_dead(tx: &mut Tx, filter: &DeadFilter, limit: u32) -> Result<Vec<CommandRow>, StoreError> {
    let mut conditions = vec![
        "status = 'ERROR'",
        if filter.dropped { "dropped_at IS NOT NULL" } else { "dropped_at IS NULL" },
    ];
    let mut values = Vec::new();
    if let Some(kind) = &filter.kind {
        conditions.push("command_type = ?");
        values.push(Value::from(kind));
    }
    if let Some(age) = filter.older_than {
        conditions.push("finished_at <= {now+ms}");
        values.push(Value::from(ago(age)));
    }
    if let Some(age) = filter.younger_than {
        conditions.push("finished_at > {now+ms}");
        values.push(Value::from(ago(age)));
    }
    if let Some(reason) = &filter.reason {
        conditions.push("LOWER(last_error) LIKE ? ESCAPE '!'");
        values.push(Value::from(contains(reason)));
    }
    if let Some(before) = filter.before {
        conditions.push("command_id < ?");
        values.push(Value::from(before));
    }
    values.push(Value::from(limit));
    let statement = format!(
        "/* commands::list_dead */ SELECT * FROM commands WHERE {} ORDER BY command_id DESC LIMIT ?",
        conditions.join(" AND ")
    );
    let rows = tx.fetch_built("/* commands::list_dead */", statement, &values).await?;
    rows.iter().map(read).collect()
}

/// A pattern for texts that contain this one.
fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Another command that is, or was, the same work and was not given up: its id, and how far it has come.
///
/// # Errors
/// [`StoreError`].
pub async fn twin(tx: &mut Tx, row: &CommandRow) -> Result<Option<(CommandId, CommandStatus)>, StoreError> {
    let Some(group_key) = &row.group_key else { return Ok(None) };
    let found = tx
        .fetch_optional(
            "/* commands::twin */ SELECT command_id, status FROM commands
             WHERE group_key = ? AND command_type = ? AND command_body = ? AND command_id <> ? AND status <> 'ERROR'
             ORDER BY command_id DESC LIMIT 1",
            values![group_key, &row.kind, &row.body, row.id],
        )
        .await?;
    let Some(found) = found else { return Ok(None) };
    Ok(Some((CommandId::new(found.int("command_id")?), found.text("status")?.parse()?)))
}

/// Makes a command that was given up due again, as if it were new from `at` on; false when it is none, or was put away.
/// Why it was given up stays until it is done.
///
/// # Errors
/// [`StoreError`].
pub async fn redrive(tx: &mut Tx, id: CommandId, at: Timestamp) -> Result<bool, StoreError> {
    let redriven = tx
        .execute(
            "/* commands::redrive */ UPDATE commands SET status = 'CREATED', due_at = {now}, published_at = NULL,
               finished_at = NULL, attempts = 0, abandoned = 0, lease_token = NULL, lease_until = NULL, redriven_at = ?
             WHERE command_id = ? AND status = 'ERROR' AND dropped_at IS NULL",
            values![at, id],
        )
        .await?;
    Ok(redriven == 1)
}

/// Puts a command away that was given up; false when it is none, or was put away before. The row stays.
///
/// # Errors
/// [`StoreError`].
pub async fn drop_dead(tx: &mut Tx, id: CommandId, at: Timestamp) -> Result<bool, StoreError> {
    let dropped = tx
        .execute(
            "/* commands::drop_dead */ UPDATE commands SET dropped_at = ?
             WHERE command_id = ? AND status = 'ERROR' AND dropped_at IS NULL",
            values![at, id],
        )
        .await?;
    Ok(dropped == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_means_itself() {
        assert_eq!(contains("50% of_A!"), "%50!% of!_a!!%");
    }
}
