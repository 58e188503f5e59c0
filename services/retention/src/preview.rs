//! What the next run would do to verifications, for operators.

use waybill_domain::Timestamp;
use waybill_store::StoreError;
use waybill_store::tables::verifications::{self, OldCount};

use crate::Retention;
use crate::bounds::Bounds;

/// What the next run would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview {
    /// Verifications accepted before this are old enough.
    pub before: Timestamp,
    /// How many they are.
    pub count: OldCount,
}

/// Looks without deleting; `None` when verifications are kept for ever.
///
/// # Errors
/// [`StoreError`].
pub async fn preview(retention: &Retention) -> Result<Option<Preview>, StoreError> {
    let bounds = Bounds::at(retention.now().await?, &retention.periods);
    let Some(outdated) = bounds.verifications else { return Ok(None) };
    let count = retention.store.read("verifications::count_old", outdated, |tx, outdated| {
        Box::pin(verifications::count_old(tx, outdated))
    });
    Ok(Some(Preview { before: outdated.created_before, count: count.await? }))
}
