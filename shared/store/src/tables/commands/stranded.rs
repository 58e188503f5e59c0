//! Commands that were given up although a verification waits for them.

use waybill_domain::{CommandId, Timestamp};

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// A verification past its deadline that waits for a command which was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranded {
    /// The command.
    pub command: CommandId,
    /// The verification's uuid, as it is stored.
    pub verification: String,
    /// The trace context of the command's cause.
    pub traceparent: Option<String>,
}

/// What was found among some of the commands that were given up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StrandedPage {
    /// Those whose verification waits, newest first.
    pub found: Vec<Stranded>,
    /// Where to look next; `None` when all were looked at.
    pub next: Option<CommandId>,
}

/// Looks at the `limit` newest commands before `before` that were given up and not put away, and finds those of this kind
/// whose verification still waits although its deadline is not after `now`. The verification is known by the command's
/// group, whatever its body says.
///
/// # Errors
/// [`StoreError`].
pub async fn stranded(
    tx: &mut Tx,
    kind: &str,
    now: Timestamp,
    before: Option<CommandId>,
    limit: u32,
) -> Result<StrandedPage, StoreError> {
    let before = before.unwrap_or(CommandId::new(i64::MAX));
    // The page is cut before anything is joined: however many were given up, this reads so many rows of each table.
    let rows = tx
        .fetch_all(
            "/* commands::stranded */ SELECT dead.command_id, dead.traceparent, v.verification_uuid
             FROM (SELECT command_id, command_type, group_key, traceparent FROM commands
               WHERE status = 'ERROR' AND dropped_at IS NULL AND command_id < ?
               ORDER BY command_id DESC LIMIT ?) AS dead
             LEFT JOIN verifications AS v ON dead.command_type = ? AND v.verification_uuid = dead.group_key
               AND v.result = 'WAIT' AND v.expires_at <= ?
             ORDER BY dead.command_id DESC",
            values![before, limit, kind, now],
        )
        .await?;
    let mut page = StrandedPage::default();
    for row in &rows {
        page.found.extend(read(row)?);
    }
    if rows.len() >= limit as usize {
        page.next = rows.last().map(id).transpose()?;
    }
    Ok(page)
}

fn read(row: &Row) -> Result<Option<Stranded>, StoreError> {
    let Some(verification) = row.opt_text("verification_uuid")? else { return Ok(None) };
    Ok(Some(Stranded { command: id(row)?, verification, traceparent: row.opt_text("traceparent")? }))
}

fn id(row: &Row) -> Result<CommandId, StoreError> {
    row.int("command_id").map(CommandId::new)
}
