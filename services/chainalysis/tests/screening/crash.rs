//! A poller that dies between the vendor's answer and the commit.

use std::sync::Arc;

use tokio::sync::Notify;
use waybill_domain::{Role, ScreeningStatus};
use waybill_testkit::{MockClock, TestFolder, eventually};

use crate::house::{House, PATIENCE};
use crate::vendor::{Act, Endpoint, FakeVendor};
use crate::verification::Wish;

/// F30: the row is due again when the lease ends, and has one result and one callback.
#[tokio::test]
async fn f30_a_worker_that_dies_over_a_row_loses_nothing() {
    let settings = [("WAYBILL__CHAINALYSIS__KYT_TIMEOUT", "500ms")];
    let (vendor, clock, folder) =
        (FakeVendor::start().await, MockClock::default(), Arc::new(TestFolder::new()));
    let wish = Wish::of(1, Role::Originator).reported();
    // The second summary of the first look is never answered: the alerts are known by then, and nothing is stored.
    vendor.will(Endpoint::Summary, [Act::Usual, Act::Hold(Arc::new(Notify::new()), Box::new(Act::Usual))]);
    let dying = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let begin = {
        let (vendor, clock, folder, wish) =
            (vendor.clone(), clock.clone(), Arc::clone(&folder), wish.clone());
        move || {
            let id = dying.block_on(async move {
                let house = House::over(vendor, clock, folder, &settings).await;
                house.verification(&wish).await;
                house.register(wish.uuid).await.unwrap()
            });
            (id, dying)
        }
    };
    let (id, dying) = tokio::task::spawn_blocking(begin).await.unwrap();
    eventually("the worker has heard the alerts", PATIENCE, async || {
        (vendor.count(Endpoint::Alerts) == 1).then_some(())
    })
    .await;
    dying.shutdown_background();
    let house = House::over(vendor, clock, folder, &settings).await;
    assert_ne!(house.row(&id).await.status, ScreeningStatus::Processed);
    house.until_processed(&id).await;
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
    assert_eq!(house.vendor.count(Endpoint::Register), 1);
}
