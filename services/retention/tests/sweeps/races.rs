//! Several processes, deaths in the middle, and work beside others.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;
use waybill_domain::Clock as _;
use waybill_retention::{Retention, Sweep};
use waybill_runtime::Shutdown;
use waybill_testkit::eventually;

use crate::support::*;

const SOON: Duration = Duration::from_secs(60);

#[tokio::test]
async fn one_process_does_it_for_all_once_an_hour() {
    let house = House::new().await;
    house.closed(1, 200, house.clock.now() - 3 * DAY).await;
    let second = open(&house.folder).await;
    let (one, two) =
        (house.process("one", Some(1)), Retention { store: second, ..house.process("two", Some(1)) });
    let (one_went, two_went) = tokio::join!(one.sweep(false), two.sweep(false));
    let went = [one_went.unwrap(), two_went.unwrap()];
    let rows: u64 = went
        .iter()
        .map(|sweep| if let Sweep::Done(deleted) = sweep { deleted.rows("verifications") } else { 0 })
        .sum();
    assert_eq!(rows, 200, "{went:?}");
    assert!(went.iter().any(|sweep| matches!(sweep, Sweep::Busy | Sweep::NotDue { .. })), "{went:?}");
    for process in [&one, &two] {
        let Sweep::NotDue { wait } = process.sweep(false).await.unwrap() else {
            panic!("an hour has not passed")
        };
        assert!(wait > HOUR - MINUTE && wait <= HOUR);
    }
    assert_eq!(house.audited().await.len(), 1);
}

/// An operator who sets another period does not wait for the hour.
#[tokio::test]
async fn another_period_is_due_at_once() {
    let house = House::new().await;
    house.closed(1, 3, house.clock.now() - 3 * DAY).await;
    assert!(
        matches!(house.process("one", None).sweep(false).await.unwrap(), Sweep::Done(deleted) if deleted.is_empty())
    );
    assert!(matches!(house.process("one", None).sweep(false).await.unwrap(), Sweep::NotDue { .. }));
    let Sweep::Done(deleted) = house.process("one", Some(2)).sweep(false).await.unwrap() else {
        panic!("due")
    };
    assert_eq!(deleted.rows("verifications"), 3);
    assert!(matches!(house.process("two", Some(2)).sweep(false).await.unwrap(), Sweep::NotDue { .. }));
}

/// It dies between two batches: nothing is half gone, and the audit of whoever goes on counts everything.
#[tokio::test]
async fn whoever_dies_in_the_middle_is_followed_by_another() {
    let house = House::new().await;
    house.closed(1, 5000, house.clock.now() - 3 * DAY).await;
    let dying = tokio::spawn({
        let process = house.process("dying", Some(1));
        async move { process.sweep(false).await }
    });
    eventually("the first are gone", SOON, async || (!house.is_there(1).await).then_some(())).await;
    dying.abort();
    assert!(dying.await.is_err(), "it was in the middle");
    assert!(house.is_there(5000).await);
    let heir = house.process("heir", Some(1));
    assert_eq!(heir.sweep(false).await.unwrap(), Sweep::Busy, "its lease is still held");
    house.forget_lease("dying").await;
    let Sweep::Done(deleted) = heir.sweep(false).await.unwrap() else { panic!("nobody else is at it") };
    assert_eq!((deleted.rows("verifications"), deleted.rows("commands")), (5000, 5000));
    assert!(!house.is_there(5000).await);
    let audited = house.audited().await;
    assert!(audited.len() == 1 && audited[0].detail.contains("\"verifications\":5000"), "{audited:?}");
}

/// Deleting a great many rows, while others write. Nobody waits for long.
#[tokio::test]
async fn those_who_write_meanwhile_hardly_notice() {
    const ROWS: u32 = 6000;
    let house = House::new().await;
    for first in (0..ROWS).step_by(2000) {
        house.closed(first, 2000, house.clock.now() - 3 * DAY).await;
    }
    let process = house.process("one", Some(1));
    let deleting = tokio::spawn(async move { process.sweep(true).await });
    let mut waits = Vec::new();
    let mut number = 1_000_000;
    while !deleting.is_finished() {
        let began = Instant::now();
        let at = house.clock.now();
        join_all((0..4).map(|more| {
            house.write((number + more, at), |tx, (number, at)| Box::pin(answered(tx, *number, *at)))
        }))
        .await;
        waits.push(began.elapsed());
        number += 4;
    }
    let Sweep::Done(deleted) = deleting.await.unwrap().unwrap() else { panic!("alone") };
    assert_eq!(deleted.rows("verifications"), u64::from(ROWS));
    waits.sort_unstable();
    let (middle, longest) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    println!(
        "{} writes beside the deletion: half within {middle:?}, the longest {longest:?}",
        waits.len() * 4
    );
    // No batch keeps the writer for long; generous, for machines that are busy with other things.
    assert!(waits.len() > 20 && longest < Duration::from_secs(5), "{longest:?}");
    assert!(house.is_there(1_000_000).await && house.is_there(number - 1).await);
}

#[tokio::test]
async fn it_starts_at_once_and_ends_when_asked() {
    let house = House::new().await;
    house.closed(1, 1, house.clock.now() - 3 * DAY).await;
    let shutdown = Shutdown::new(HOUR);
    let running = tokio::spawn(house.process("one", Some(1)).run(shutdown.clone()));
    eventually("the old one is gone", SOON, async || (!house.is_there(1).await).then_some(())).await;
    shutdown.begin();
    running.await.unwrap();
    let Ok(Sweep::Done(_)) = house.process("another", Some(1)).sweep(true).await else {
        panic!("the lease is free")
    };
}
