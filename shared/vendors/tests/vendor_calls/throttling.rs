//! A vendor that says that there were too many calls.

use std::time::Duration;

use tokio::time::Instant;
use waybill_vendors::{Ask, Priority, VendorError};

use crate::support::{Database, Reaction, SECOND, Stub, ask, limit, request, vendor, vendor_with};

const DATES: [(&str, &str); 2] =
    [("date", "Thu, 18 May 2023 12:39:45 GMT"), ("retry-after", "Thu, 18 May 2023 12:39:52 GMT")];

async fn asked_to_wait(headers: &[(&str, &str)]) -> Duration {
    let database = Database::sqlite();
    let stub = Stub::new([Reaction::answer(429, headers, b"")]).await;
    match ask(&vendor(&database.open().await), &stub).await {
        Err(VendorError::Throttled { retry_after }) => retry_after,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_wait_that_is_asked_for_is_kept_up_to_a_limit() {
    for (headers, seconds) in [
        (&[("retry-after", "2")][..], 2),
        (&DATES, 7),
        (&[("retry-after", "86400")], 600),
        (&[("retry-after", "0")], 1),
    ] {
        assert_eq!(asked_to_wait(headers).await, Duration::from_secs(seconds), "{headers:?}");
    }
    let own = asked_to_wait(&[]).await;
    assert!(own >= SECOND && own <= SECOND * 5 / 4, "{own:?}");
}

#[tokio::test]
async fn without_a_time_it_is_longer_each_time_in_a_row() {
    let database = Database::sqlite();
    let store = database.open().await;
    let stub = Stub::new([Reaction::answer(429, &[], b"")]).await;
    let mut pauses = Vec::new();
    for seed in 0..2 {
        // Each is another process, which knows only what the database says.
        let vendor = vendor_with(limit(&store, seed, 100, SECOND));
        let Err(VendorError::Throttled { retry_after }) = ask(&vendor, &stub).await else {
            panic!("throttled")
        };
        pauses.push(retry_after);
        let after = limit(&store, seed, 100, SECOND);
        after.turn(Priority::Request, 10 * SECOND).await.unwrap();
    }
    assert!(pauses[1] >= 2 * SECOND && pauses[0] < 2 * SECOND, "{pauses:?}");
}

#[tokio::test]
async fn all_processes_wait_and_a_restart_forgets_nothing() {
    let database = Database::sqlite();
    let store = database.open().await;
    let stub = Stub::new([Reaction::answer(429, &[("retry-after", "2")], b""), Reaction::json("{}")]).await;
    let (ours, theirs) =
        (vendor_with(limit(&store, 1, 100, SECOND)), vendor_with(limit(&store, 2, 100, SECOND)));
    let Err(VendorError::Throttled { .. }) = ask(&ours, &stub).await else { panic!("throttled") };
    let paused_at = Instant::now();
    assert_eq!(ours.room(), 0);
    for vendor in [&ours, &theirs, &vendor_with(limit(&store, 3, 100, SECOND))] {
        let refused = vendor.call(&Ask::request(SECOND / 2), |_| request(stub.url())).await.unwrap_err();
        let Some(retry_after) = refused.retry_after() else { panic!("{refused:?}") };
        assert!(matches!(refused, VendorError::NoTurn { .. }) && !refused.is_outage());
        assert!(retry_after > SECOND / 2 && retry_after <= 2 * SECOND, "{retry_after:?}");
        assert_eq!(vendor.room(), 0, "it has heard of it");
    }
    store.close().await;
    let vendor = vendor_with(limit(&database.open().await, 4, 100, SECOND));
    ask(&vendor, &stub).await.unwrap();
    let seen = stub.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen[1].at - paused_at >= 2 * SECOND - Duration::from_millis(50), "{:?}", seen[1].at - paused_at);
    assert!(vendor.room() > 0);
}

#[tokio::test]
async fn many_refusals_at_once_are_one_pause() {
    let database = Database::sqlite();
    let vendor = vendor_with(limit(&database.open().await, 1, 500, SECOND));
    let stub = Stub::new([Reaction::answer(429, &[], b"")]).await;
    let calls = (0..8).map(|_| {
        let (vendor, url) = (vendor.clone(), stub.url());
        tokio::spawn(
            async move { vendor.call(&Ask::request(4 * SECOND), |_| request(&url)).await.unwrap_err() },
        )
    });
    for call in calls.collect::<Vec<_>>() {
        let retry_after = call.await.unwrap().retry_after().unwrap();
        assert!(retry_after <= SECOND * 5 / 4, "{retry_after:?}");
    }
}
