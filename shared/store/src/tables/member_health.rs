//! Whether members' nodes answer.

use waybill_domain::{Timestamp, VaspId};

use crate::sql::values;
use crate::{StoreError, Tx};

/// What is known of one member's node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberHealth {
    /// The member.
    pub vasp_id: VaspId,
    /// Whether its node counts as reachable.
    pub up: bool,
    /// Number of equal answers in a row; negative while it fails.
    pub streak: i64,
    /// When it was last asked.
    pub checked_at: Timestamp,
    /// Since when it is up or down.
    pub changed_at: Timestamp,
}

/// Remembers what is known of a member.
///
/// # Errors
/// [`StoreError`].
pub async fn put(tx: &mut Tx, health: &MemberHealth) -> Result<(), StoreError> {
    let status = if health.up { "UP" } else { "DOWN" };
    tx.execute(
        "/* member_health::put */ INSERT INTO member_health (vasp_id, status, streak, checked_at, changed_at)
         VALUES (?, ?, ?, ?, ?)
         {update on (vasp_id)} status = {new.status}, streak = {new.streak},
           checked_at = {new.checked_at}, changed_at = {new.changed_at}",
        values![health.vasp_id, status, health.streak, health.checked_at, health.changed_at],
    )
    .await
    .map(drop)
}

/// What is known of all members that were asked so far.
///
/// # Errors
/// [`StoreError`].
pub async fn all(tx: &mut Tx) -> Result<Vec<MemberHealth>, StoreError> {
    let rows = tx.fetch_all("/* member_health::all */ SELECT * FROM member_health", &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(MemberHealth {
                vasp_id: row.vasp_id("vasp_id")?,
                up: row.text("status")? == "UP",
                streak: row.int("streak")?,
                checked_at: row.time("checked_at")?,
                changed_at: row.time("changed_at")?,
            })
        })
        .collect()
}
