//! The database's clock: the one that all processes have in common.

use waybill_domain::Timestamp;

use crate::{StoreError, Tx};

/// The time there.
///
/// # Errors
/// [`StoreError`].
pub async fn now(tx: &mut Tx) -> Result<Timestamp, StoreError> {
    let row = tx.fetch_optional("/* clock::now */ SELECT {now} AS now_there", &[]).await?;
    row.ok_or(StoreError::Unreadable("now_there"))?.time("now_there")
}
