//! Verifications, and everything that belongs to them.

use serde_json::json;
use waybill_domain::Clock as _;
use waybill_retention::{Tally, preview};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, CommandLease};
use waybill_store::tables::verifications::{self, OldCount};

use crate::support::*;

#[tokio::test]
async fn without_the_setting_they_are_kept_for_ever() {
    let house = House::new().await;
    house.closed(1, 3, house.clock.now() - 400 * DAY).await;
    assert!(house.sweep(None).await.is_empty());
    assert_eq!(preview(&house.process("one", None)).await.unwrap(), None);
    assert!(house.is_there(1).await && house.audited().await.is_empty());
}

#[tokio::test]
async fn they_go_with_all_that_belongs_to_them_and_the_audit_says_so() {
    let house = House::new().await;
    let now = house.clock.now();
    house.closed(1, 700, now - 2 * DAY).await;
    house.closed(1000, 5, now - DAY).await;
    let count = OldCount { deletable: 700, open: 0, unfinished: 0 };
    let foreseen = preview(&house.process("one", Some(1))).await.unwrap().unwrap();
    assert_eq!((foreseen.count, foreseen.before), (count, now - DAY));
    let mut expected = Tally::of("verifications", 700);
    expected.add("commands", 700);
    assert_eq!(house.sweep(Some(1)).await, expected);
    assert!(!house.is_there(1).await && !house.is_there(700).await);
    assert!(house.is_there(1000).await, "not before it is a day old");

    let audited = house.audited().await;
    let [entry] = &audited[..] else { panic!("{audited:?}") };
    assert_eq!((entry.event.as_str(), entry.actor.as_str(), &entry.subject), ("RETENTION", "node", &None));
    let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap();
    let before = waybill_domain::format_time(now - DAY);
    let deleted = json!({"commands": 700, "verifications": 700});
    assert_eq!(detail, json!({"deleted": deleted, "verificationsBefore": before, "whole": true}));
    assert!(house.sweep(Some(1)).await.is_empty());
    assert_eq!(house.audited().await.len(), 1, "nothing deleted, nothing to tell");
}

/// The exclusions, among so many others that several batches are needed.
#[tokio::test]
async fn what_is_open_or_unfinished_stays_until_it_is_not() {
    let house = House::new().await;
    let old = house.clock.now() - 9 * DAY;
    house.closed(1, 300, old).await;
    house
        .write(old, |tx, old| {
            Box::pin(async move {
                verifications::insert(tx, &verification(1001, *old)).await?; // waits
                let mut late = verification(1002, *old);
                late.expires_at = *old + 30 * DAY;
                verifications::insert(tx, &late).await?;
                answered(tx, 1003, *old).await?; // with a callback to be delivered
                callback(tx, 1003, 1003).await?;
                answered(tx, 1004, *old).await?; // with one under way
                callback(tx, 1004, 1004).await?;
                let lease = CommandLease { token: "t".to_owned(), length: HOUR };
                let both = commands::claim(tx, KIND, 9, &lease).await?;
                commands::retry(tx, &both[0], HOUR, "the backend is down").await?;
                answered(tx, 1005, *old).await?; // with one that was given up
                callback(tx, 1005, 1005).await?;
                let lease = CommandLease { token: "u".to_owned(), length: HOUR };
                let given_up = commands::claim(tx, KIND, 9, &lease).await?;
                commands::fail(tx, &given_up[0], "the backend is gone").await
            })
        })
        .await;
    house.closed(2000, 300, old).await;
    let deleted = house.sweep(Some(7)).await;
    assert_eq!(deleted.rows("verifications"), 601);
    assert_eq!(deleted.rows("commands"), 601);
    for (number, stays) in
        [(1001, true), (1002, true), (1003, true), (1004, true), (1005, false), (2000, false)]
    {
        assert_eq!(house.is_there(number).await, stays, "{number}");
    }
    let left = house.store.read("test", (), |tx, ()| Box::pin(commands::list(tx, &NO_FILTER, 100)));
    let left: Result<_, StoreError> = left.await;
    assert_eq!(left.unwrap().len(), 2, "their callbacks are not lost");

    house
        .write((), |tx, ()| {
            Box::pin(async move { commands::finish_group(tx, KIND, &uuid(1003).to_string()).await })
        })
        .await;
    assert_eq!(house.sweep(Some(7)).await.rows("verifications"), 1);
    assert!(!house.is_there(1003).await && house.is_there(1004).await);
}

/// With a look-up and two requests each, of which one is not finished; and some that came while their verification went.
#[tokio::test]
async fn risk_assessments_go_with_their_verification() {
    let house = House::new().await;
    let old = house.clock.now() - 9 * DAY;
    house.closed(1, 60, old).await;
    let numbers: Vec<u32> = (1..=60).chain(2001..=2060).collect();
    house
        .write((numbers, old), |tx, (numbers, old)| {
            Box::pin(async move {
                for number in numbers {
                    assessed(tx, *number, *old, *number == 7).await?;
                }
                Ok(())
            })
        })
        .await;
    let foreseen = preview(&house.process("one", Some(7))).await.unwrap().unwrap();
    assert_eq!(foreseen.count, OldCount { deletable: 59, open: 0, unfinished: 1 });
    let deleted = house.sweep(Some(7)).await;
    assert_eq!(deleted.rows("verifications"), 59);
    for table in ["chainalysis_sanction_results", "chainalysis_kyt_results", "refinitiv_wco_results"] {
        assert_eq!(deleted.rows(table), 119, "{table}");
    }
    assert_eq!((deleted.rows("chainalysis_kyt_alerts"), deleted.rows("refinitiv_wco_cases")), (119, 119));
    assert!(house.is_there(7).await, "its KYT request waits for the vendor");
    assert!(house.sweep(Some(7)).await.is_empty());
}

static NO_FILTER: commands::CommandFilter =
    commands::CommandFilter { kind: None, status: None, group_key: None };

/// Whichever clock is behind counts: one that is ahead deletes nothing too early.
#[tokio::test]
async fn a_clock_that_is_ahead_deletes_nothing() {
    let house = House::new().await;
    let real = house.store.read("test", (), |tx, ()| Box::pin(waybill_store::tables::clock::now(tx)));
    let real: Result<_, StoreError> = real.await;
    house.closed(1, 1, real.unwrap()).await;
    house.clock.advance(1000 * 365 * DAY);
    assert!(house.sweep(Some(1)).await.is_empty());
    assert!(house.is_there(1).await);
}
