//! Those who wait for a turn when the vendor asks for a pause.

use std::time::Duration;

use tokio::time::Instant;
use waybill_testkit::eventually;
use waybill_vendors::Priority;

use crate::support::{Database, PATIENCE, SECOND, limit};

#[tokio::test]
async fn those_who_have_a_turn_in_another_process_hear_of_it() {
    let database = Database::sqlite();
    let store = database.open().await;
    let (ours, theirs) = (limit(&store, 1, 2, SECOND), limit(&store, 2, 2, SECOND));
    let begun = Instant::now();
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let theirs = theirs.clone();
            tokio::spawn(
                async move { theirs.turn(Priority::Request, 6 * SECOND).await.map(|()| begun.elapsed()) },
            )
        })
        .collect();
    eventually("they have their turns", PATIENCE, async || (theirs.room(4 * SECOND) == 0).then_some(()))
        .await;
    ours.pause(30 * SECOND).await;
    let paused_at = begun.elapsed();
    for turn in waiting {
        match turn.await.unwrap() {
            // It is heard within a second; a busy machine takes a moment.
            Ok(at) => assert!(at < paused_at + 2 * SECOND, "{at:?} of {paused_at:?}"),
            Err(no_turn) => assert!(no_turn.retry_after > 20 * SECOND, "{no_turn:?}"),
        }
    }
    assert!(begun.elapsed() < 6 * SECOND, "they are told at once");
    assert_eq!(theirs.room(SECOND), 0);
}

#[tokio::test]
async fn those_who_wait_for_long_enough_go_on_after_it() {
    let database = Database::sqlite();
    let limit = limit(&database.open().await, 1, 100, SECOND);
    limit.pause(Duration::from_millis(700)).await;
    let begun = Instant::now();
    limit.turn(Priority::Poll, 10 * SECOND).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(650), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_pause_may_be_as_long_as_the_window_but_not_longer() {
    let database = Database::sqlite();
    let store = database.open().await;
    for (window, longest) in [(SECOND, 600), (Duration::from_secs(3600), 3600)] {
        let limit = limit(&store, 1, 100, window);
        limit.pause(Duration::from_secs(86_400)).await;
        let refused = limit.turn(Priority::Request, SECOND).await.unwrap_err();
        let least = Duration::from_secs(longest - 5);
        assert!(refused.retry_after > least && refused.retry_after <= Duration::from_secs(longest));
    }
}
