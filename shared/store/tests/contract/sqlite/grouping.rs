//! The writer puts work that waits into one transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join;
use waybill_store::StoreError;
use waybill_store::tables::facts;

use super::house;
use crate::samples::at;

/// A closure may run again when its group failed; what it does outside the database is its own affair.
#[tokio::test]
async fn work_of_a_failed_group_runs_again() {
    let house = house().await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = house.write(Arc::clone(&runs), |tx, runs| {
        Box::pin(async move {
            runs.fetch_add(1, Ordering::SeqCst);
            facts::put(tx, "name", "value", at(0)).await
        })
    });
    let failing = house.write((), |tx, ()| {
        Box::pin(async move {
            facts::put(tx, "other", "value", at(0)).await?;
            Err::<(), _>(StoreError::GuardLost("told to fail"))
        })
    });
    let (counted, failed) = join(counted, failing).await;
    assert!(counted.is_ok() && failed.is_err());
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}
