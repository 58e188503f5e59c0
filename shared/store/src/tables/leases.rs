//! Leases on jobs that one process at a time should do, by the database's clock.

use std::time::Duration;

use crate::sql::values;
use crate::{StoreError, Tx};

/// Takes or renews a lease; false while somebody else holds it.
///
/// # Errors
/// [`StoreError`].
pub async fn acquire(tx: &mut Tx, name: &str, token: &str, length: Duration) -> Result<bool, StoreError> {
    let taken = tx
        .execute(
            "/* leases::acquire */ UPDATE leases SET token = ?, lease_until = {now+ms}
             WHERE name = ? AND (token = ? OR lease_until < {now})",
            values![token, length, name, token],
        )
        .await?;
    if taken == 1 {
        return Ok(true);
    }
    tx.insert(
        "/* leases::acquire */ INSERT INTO leases (name, token, lease_until) VALUES (?, ?, {now+ms}) {unless there}",
        values![name, token, length],
    )
    .await
}

/// Gives a lease back.
///
/// # Errors
/// [`StoreError`].
pub async fn release(tx: &mut Tx, name: &str, token: &str) -> Result<(), StoreError> {
    tx.execute("/* leases::release */ DELETE FROM leases WHERE name = ? AND token = ?", values![name, token])
        .await
        .map(drop)
}
