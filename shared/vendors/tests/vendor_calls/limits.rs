//! Limits that several processes share, in real time.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;
use waybill_store::Store;
use waybill_testkit::{SeededEntropy, eventually};
use waybill_vendors::{Ask, Limit, Priority, VendorError};

use crate::support::{Database, PATIENCE, Reaction, SECOND, Stub, limit, most_in_any, request, vendor_with};

/// Callers of several processes take turns one after the other for so long.
async fn contend(limits: Vec<Limit>, callers: usize, length: Duration) -> Vec<Instant> {
    let end = Instant::now() + length;
    let mut tasks = JoinSet::new();
    for (process, limit) in limits.into_iter().enumerate() {
        for caller in 0..callers {
            let priority = if (process + caller) % 3 == 0 { Priority::Request } else { Priority::Poll };
            let limit = limit.clone();
            tasks.spawn(async move {
                let mut times = Vec::new();
                while Instant::now() < end {
                    if limit.turn(priority, 2 * SECOND).await.is_ok() {
                        times.push(Instant::now());
                    }
                }
                times
            });
        }
    }
    tasks.join_all().await.concat()
}

async fn four_processes(database: &Database, times: u32) -> Vec<Limit> {
    let mut limits = Vec::new();
    for seed in 0..4 {
        limits.push(limit(&database.open().await, seed, times, SECOND));
    }
    limits
}

/// The share of the limit that was used.
fn used(times: &[Instant], limit: u32) -> f64 {
    let first = times.iter().min().unwrap();
    let last = times.iter().max().unwrap();
    (times.len() - 1) as f64 / (last.duration_since(*first).as_secs_f64() * f64::from(limit))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_processes_together_never_exceed_it() {
    let database = Database::postgres().await;
    for times in [5, 20, 100] {
        let limits = four_processes(&database, times).await;
        let taken = contend(limits, 4, 4 * SECOND).await;
        let most = most_in_any(SECOND, taken.clone());
        assert!(most <= times as usize, "{most} of {times}");
        // How much can be had is measured by a benchmark; on a busy machine a turn may come too late to be used.
        assert!(used(&taken, times) > 0.5, "{} of {times}", used(&taken, times));
    }
}

#[tokio::test]
async fn one_process_alone_uses_it_too() {
    let database = Database::sqlite();
    let store = database.open().await;
    let limit = Limit::over(&store, &SeededEntropy::new(1).shared(), "high", 500, SECOND);
    let begun = Instant::now();
    let taken = contend(vec![limit], 16, 2 * SECOND).await;
    assert!(most_in_any(SECOND, taken.clone()) <= 500);
    assert!(taken.len() > 300, "{} in {:?}", taken.len(), begun.elapsed());
}

async fn take_all(limit: &Limit) -> usize {
    let mut taken = 0;
    while limit.turn(Priority::Request, SECOND).await.is_ok() {
        taken += 1;
    }
    taken
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let database = Database::sqlite();
    let store = database.open().await;
    // A slot is a minute apart: there is a burst, and then nothing for the length of this test.
    let hour = Duration::from_secs(3600);
    let limit_of = |store: &Store| limit(store, 1, 60, hour);
    assert_eq!(take_all(&limit_of(&store)).await, 3, "a small burst after a quiet time");
    store.close().await;
    let limit = limit_of(&database.open().await);
    assert_eq!(take_all(&limit).await, 0);
    let refused = limit.turn(Priority::Request, SECOND).await.unwrap_err();
    assert!(refused.retry_after > 10 * SECOND && refused.retry_after < 70 * SECOND, "{refused:?}");
}

#[tokio::test]
async fn callers_are_served_in_the_order_in_which_they_came() {
    let database = Database::sqlite();
    let limit = limit(&database.open().await, 1, 50, SECOND);
    let mut turns = JoinSet::new();
    for number in 0..20 {
        let limit = limit.clone();
        turns.spawn(async move { limit.turn(Priority::Request, PATIENCE).await.map(|()| number) });
        tokio::task::yield_now().await;
    }
    let mut order = Vec::new();
    while let Some(number) = turns.join_next().await {
        order.push(number.unwrap().unwrap());
    }
    assert!(order.is_sorted(), "{order:?}");
}

#[tokio::test]
async fn requests_go_before_polls_of_every_process() {
    let database = Database::sqlite();
    let store = database.open().await;
    let (ours, theirs) = (limit(&store, 1, 5, SECOND), limit(&store, 2, 5, SECOND));
    let polls: Vec<_> = [&ours, &theirs]
        .into_iter()
        .cycle()
        .take(60)
        .map(|limit| {
            let limit = limit.clone();
            tokio::spawn(async move { limit.turn(Priority::Poll, PATIENCE).await })
        })
        .collect();
    // They would take 12 seconds.
    eventually("polls have taken turns", PATIENCE, async || (ours.room(SECOND) == 0).then_some(())).await;
    let begun = Instant::now();
    ours.turn(Priority::Request, PATIENCE).await.unwrap();
    theirs.turn(Priority::Request, PATIENCE).await.unwrap();
    assert!(begun.elapsed() < 4 * SECOND, "{:?}", begun.elapsed());
    polls.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn whoever_gives_up_takes_nothing_with_him() {
    let database = Database::sqlite();
    let limit = limit(&database.open().await, 1, 5, SECOND);
    limit.turn(Priority::Request, SECOND).await.unwrap();
    for _ in 0..50 {
        let turn = limit.turn(Priority::Request, 5 * SECOND);
        let _gave_up = tokio::time::timeout(Duration::from_millis(5), turn).await;
    }
    // Their slots are given to whoever comes next, or the one after the last of them is not far.
    let begun = Instant::now();
    limit.turn(Priority::Request, 5 * SECOND).await.unwrap();
    assert!(begun.elapsed() < 2 * SECOND, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn without_a_database_there_is_no_turn() {
    let database = Database::sqlite();
    let store = database.open().await;
    let limit = limit(&store, 1, 5, SECOND);
    store.close().await;
    assert!(limit.turn(Priority::Request, PATIENCE).await.is_err());
}

#[tokio::test]
async fn a_call_may_need_turns_of_two_limits() {
    let database = Database::sqlite();
    let store = database.open().await;
    let hourly =
        Limit::over(&store, &SeededEntropy::new(1).shared(), "screenings", 60, Duration::from_secs(3600));
    let vendor = vendor_with(limit(&store, 1, 50, SECOND));
    let stub = Stub::new([Reaction::json("{}")]).await;
    let screening = Ask::request(SECOND).also(&hourly);
    let mut screened = 0;
    let refused = loop {
        match vendor.call(&screening, |_| request(stub.url())).await {
            Ok(_) => screened += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, VendorError::NoTurn { retry_after } if retry_after > SECOND), "{refused:?}");
    assert_eq!(screened, 3);
    // Other calls are not concerned.
    vendor.call(&Ask::request(SECOND), |_| request(stub.url())).await.unwrap();
    assert_eq!(stub.seen().len(), 4);
}

#[tokio::test]
async fn polls_leave_some_places_to_requests() {
    let database = Database::sqlite();
    let limit = limit(&database.open().await, 1, 100, SECOND);
    let vendor = vendor_with(limit);
    let stub = Stub::new([Reaction::Drip(b"HTTP/1.1 200 OK\r\nx: ".to_vec())]).await;
    let mut hanging = JoinSet::new();
    for (ask, until) in [(Ask::poll(PATIENCE), 12), (Ask::request(PATIENCE), 16)] {
        for _ in 0..16 {
            let (vendor, url, ask) = (vendor.clone(), stub.url(), ask.clone());
            hanging.spawn(async move { vendor.call(&ask, |_| request(&url)).await });
        }
        eventually("they hang", PATIENCE, async || (stub.seen().len() == until).then_some(())).await;
    }
    let refused = vendor.call(&Ask::request(SECOND / 4), |_| request(stub.url())).await.unwrap_err();
    assert!(matches!(refused, VendorError::NoTurn { .. }), "{refused:?}");
    assert_eq!(stub.seen().len(), 16);
}
