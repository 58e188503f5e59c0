//! The audit log: append-only, no personal data, one function that writes it.

use waybill_domain::Timestamp;

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// What happened.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// What, SCREAMING-KEBAB.
    pub event: &'static str,
    /// Who: an API key's id, `vasp:<id>`, `node`.
    pub actor: String,
    /// About what, usually a verification's uuid.
    pub subject: Option<String>,
    /// More, as a JSON object; codes and ids only.
    pub detail: serde_json::Value,
}

/// An entry as read back.
#[derive(Debug, Clone)]
pub struct AuditRow {
    /// Ascending number.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: String,
    /// Who.
    pub actor: String,
    /// About what.
    pub subject: Option<String>,
    /// JSON object.
    pub detail: String,
}

/// Writes one entry.
///
/// # Errors
/// [`StoreError`].
pub async fn append(tx: &mut Tx, entry: &AuditEntry) -> Result<(), StoreError> {
    let detail = entry.detail.to_string();
    tx.execute(
        "/* audit::append */ INSERT INTO audit_log (at, event, actor, subject, detail) VALUES (?, ?, ?, ?, ?)",
        values![entry.at, entry.event, &entry.actor, &entry.subject, detail],
    )
    .await
    .map(drop)
}

/// The newest entries, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn newest(tx: &mut Tx, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
    let rows = tx
        .fetch_all(
            "/* audit::newest */ SELECT * FROM audit_log ORDER BY audit_id DESC LIMIT ?",
            values![limit],
        )
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        id: row.int("audit_id")?,
        at: row.time("at")?,
        event: row.text("event")?,
        actor: row.text("actor")?,
        subject: row.opt_text("subject")?,
        detail: row.text("detail")?,
    })
}
