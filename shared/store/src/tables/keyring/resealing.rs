//! How far sealing everything again with one key has come. One process at a time works on it, under a lease.

use waybill_domain::Timestamp;

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// All tables with sealed values are gone through in passes, each in the order of its ids, until a pass finds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What values are sealed with.
    pub key_name: String,
    /// Number of the pass, from 1.
    pub pass: u32,
    /// Whether every node sealed with the key before this pass began: then nobody adds what the pass has gone by.
    pub pass_is_settled: bool,
    /// The table that the pass has come to; empty at its end.
    pub table: String,
    /// The last id in the table that is done.
    pub after_id: i64,
    /// Values sealed again in this pass.
    pub found: u32,
    /// Values of this pass that do not open; they are left as they are.
    pub unreadable: u32,
    /// Values sealed again in all passes.
    pub resealed: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// The last step.
    pub updated_at: Timestamp,
    /// When nothing was left.
    pub finished_at: Option<Timestamp>,
}

/// Begins sealing with a key, unless it was begun: pass 1 at the first id of `table`. What was done for other keys is
/// forgotten: should one of them seal again, all has to be gone through again.
///
/// # Errors
/// [`StoreError`].
pub async fn begin(tx: &mut Tx, key_name: &str, table: &str) -> Result<(), StoreError> {
    tx.execute(
        "/* keyring_resealing::forget_others */ DELETE FROM keyring_resealing WHERE key_name <> ?",
        values![key_name],
    )
    .await?;
    tx.insert(
        "/* keyring_resealing::begin */ INSERT INTO keyring_resealing (key_name, pass, pass_is_settled, table_name,
           after_id, found, unreadable, resealed, started_at, updated_at)
         VALUES (?, 1, ?, ?, 0, 0, 0, 0, {now}, {now}) {unless there}",
        values![key_name, false, table],
    )
    .await
    .map(drop)
}

/// Forgets how far sealing with a key had come: it begins anew.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(tx: &mut Tx, key_name: &str) -> Result<(), StoreError> {
    tx.execute(
        "/* keyring_resealing::forget */ DELETE FROM keyring_resealing WHERE key_name = ?",
        values![key_name],
    )
    .await
    .map(drop)
}

/// Stores a step; the times are the database's.
///
/// # Errors
/// [`StoreError::GuardLost`] when nobody began it; else [`StoreError`].
pub async fn save(tx: &mut Tx, progress: &Progress, finished: bool) -> Result<(), StoreError> {
    tx.execute_one(
        "/* keyring_resealing::save */ UPDATE keyring_resealing SET pass = ?, pass_is_settled = ?, table_name = ?,
           after_id = ?, found = ?, unreadable = ?, resealed = ?, updated_at = {now},
           finished_at = CASE WHEN ? THEN {now} END
         WHERE key_name = ?",
        values![
            progress.pass,
            progress.pass_is_settled,
            &progress.table,
            progress.after_id,
            progress.found,
            progress.unreadable,
            progress.resealed,
            finished,
            &progress.key_name,
        ],
        "re-sealing",
    )
    .await
}

/// How far sealing with a key has come; none when it never began.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, key_name: &str) -> Result<Option<Progress>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* keyring_resealing::find */ SELECT * FROM keyring_resealing WHERE key_name = ?",
            values![key_name],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Progress, StoreError> {
    Ok(Progress {
        key_name: row.text("key_name")?,
        pass: row.count("pass")?,
        pass_is_settled: row.flag("pass_is_settled")?,
        table: row.text("table_name")?,
        after_id: row.int("after_id")?,
        found: row.count("found")?,
        unreadable: row.count("unreadable")?,
        resealed: row.int("resealed")?,
        started_at: row.time("started_at")?,
        updated_at: row.time("updated_at")?,
        finished_at: row.opt_time("finished_at")?,
    })
}
