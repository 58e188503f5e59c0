//! Looking at commands, for operators.

use std::str::FromStr;

use waybill_domain::{CommandId, Timestamp};

use crate::sql::{Row, Value};
use crate::{StoreError, Tx};

/// How far a command has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandStatus {
    /// Waits to be handed out.
    Created,
    /// A worker holds it.
    Processing,
    /// Done.
    Done,
    /// Given up.
    Error,
}

impl CommandStatus {
    /// The spelling of the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Processing => "PROCESSING",
            Self::Done => "DONE",
            Self::Error => "ERROR",
        }
    }
}

impl FromStr for CommandStatus {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        [Self::Created, Self::Processing, Self::Done, Self::Error]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(StoreError::Unreadable("status"))
    }
}

/// A command as an operator sees it.
#[derive(Debug, Clone)]
pub struct CommandRow {
    /// Its id.
    pub id: CommandId,
    /// What kind of work it is.
    pub kind: String,
    /// Ids and codes, JSON.
    pub body: String,
    /// How far it has come.
    pub status: CommandStatus,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it is handed out next.
    pub due_at: Timestamp,
    /// When it was done or given up.
    pub finished_at: Option<Timestamp>,
    /// How often it was handed out.
    pub attempts: u32,
    /// Its group.
    pub group_key: Option<String>,
    /// Trace context of the cause.
    pub traceparent: Option<String>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When an operator had it handed out again after it had been given up, the last time.
    pub redriven_at: Option<Timestamp>,
    /// When an operator put it away for good after it had been given up.
    pub dropped_at: Option<Timestamp>,
}

/// Which commands are wanted; all conditions hold together.
#[derive(Debug, Clone, Default)]
pub struct CommandFilter {
    /// Of this kind.
    pub kind: Option<String>,
    /// In this status.
    pub status: Option<CommandStatus>,
    /// Of this group.
    pub group_key: Option<String>,
}

/// The command with an id.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, id: CommandId) -> Result<Option<CommandRow>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* commands::find */ SELECT * FROM commands WHERE command_id = ?",
            &[Value::from(id)],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The commands that match, newest first, `limit` at the most.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx, filter: &CommandFilter, limit: u32) -> Result<Vec<CommandRow>, StoreError> {
    let mut conditions = vec!["1 = 1"];
    let mut values = Vec::new();
    if let Some(kind) = &filter.kind {
        conditions.push("command_type = ?");
        values.push(Value::from(kind));
    }
    if let Some(status) = filter.status {
        conditions.push("status = ?");
        values.push(Value::from(status.as_str()));
    }
    if let Some(group_key) = &filter.group_key {
        conditions.push("group_key = ?");
        values.push(Value::from(group_key));
    }
    values.push(Value::from(limit));
    let statement = format!(
        "/* commands::list */ SELECT * FROM commands WHERE {} ORDER BY command_id DESC LIMIT ?",
        conditions.join(" AND ")
    );
    let rows = tx.fetch_built("/* commands::list */", statement, &values).await?;
    rows.iter().map(read).collect()
}

pub(super) fn read(row: &Row) -> Result<CommandRow, StoreError> {
    Ok(CommandRow {
        id: CommandId::new(row.int("command_id")?),
        kind: row.text("command_type")?,
        body: row.text("command_body")?,
        status: row.text("status")?.parse()?,
        created_at: row.time("created_at")?,
        due_at: row.time("due_at")?,
        finished_at: row.opt_time("finished_at")?,
        attempts: row.count("attempts")?,
        group_key: row.opt_text("group_key")?,
        traceparent: row.opt_text("traceparent")?,
        last_error: row.opt_text("last_error")?,
        redriven_at: row.opt_time("redriven_at")?,
        dropped_at: row.opt_time("dropped_at")?,
    })
}
