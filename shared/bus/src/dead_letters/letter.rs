//! A command that was given up, as an operator sees it.

use waybill_domain::{CommandId, Timestamp, VerificationUuid};
use waybill_store::tables::commands::CommandRow;

/// Holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its id.
    pub id: CommandId,
    /// What kind of work it is.
    pub kind: String,
    /// Why it was given up.
    pub reason: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was given up; `None` while it is not.
    pub given_up_at: Option<Timestamp>,
    /// How often it was handed out since it was added, or redriven last.
    pub attempts: u32,
    /// The trace of its cause, 32 hexadecimal digits.
    pub trace_id: Option<String>,
    /// The verification it is about.
    pub verification: Option<VerificationUuid>,
    /// When it was redriven last.
    pub redriven_at: Option<Timestamp>,
    /// When it was dropped.
    pub dropped_at: Option<Timestamp>,
}

impl From<&CommandRow> for DeadLetter {
    fn from(row: &CommandRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind.clone(),
            reason: row.last_error.clone(),
            created_at: row.created_at,
            given_up_at: row.finished_at,
            attempts: row.attempts,
            trace_id: row.traceparent.as_deref().and_then(trace_id),
            verification: row.group_key.as_deref().and_then(|group_key| group_key.parse().ok()),
            redriven_at: row.redriven_at,
            dropped_at: row.dropped_at,
        }
    }
}

fn trace_id(traceparent: &str) -> Option<String> {
    traceparent.split('-').nth(1).map(str::to_owned)
}
