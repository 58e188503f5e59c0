//! Limits of vendors: every slot is taken once, whoever asks, and a pause is everybody's.

use std::time::Duration;

use futures_util::future::join_all;
use waybill_domain::{SlotRule, Timestamp};
use waybill_store::StoreError;
use waybill_store::tables::vendor_limits::{self, Standing, VendorLimit, Wanted};

use crate::house::House;
use crate::samples::*;
use crate::screening_samples::*;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const ALL_OF_IT: Wanted = Wanted { count: 1000, within: SECOND };

/// 20 calls a second. The name has characters of four bytes, and differs from others by case only.
fn limit(name: &str) -> VendorLimit {
    let name = format!("chainalysis-kyt:{name}{}", wide(64));
    VendorLimit { name, rule: SlotRule::new(20, SECOND), longest_pause: 10 * MINUTE }
}

impl House {
    async fn reserve(&self, name: &str, wanted: Vec<Wanted>) -> Standing {
        let taken = self.write((limit(name), wanted), |tx, (limit, wanted)| {
            Box::pin(vendor_limits::reserve(tx, limit, wanted))
        });
        taken.await.unwrap()
    }

    async fn reserve_at(&self, name: &str, wanted: Wanted, now: Timestamp) -> Standing {
        let taken = self.write((limit(name), wanted, now), |tx, (limit, wanted, now)| {
            Box::pin(async move { vendor_limits::reserve_at(tx, limit, &[*wanted], *now).await })
        });
        taken.await.unwrap()
    }

    async fn pause(&self, name: &str, asked: Option<Duration>) -> Duration {
        let paused = self.write((limit(name), asked), |tx, (limit, asked)| {
            Box::pin(vendor_limits::pause(tx, limit, *asked, 0))
        });
        paused.await.unwrap()
    }

    async fn look(&self, name: &str) -> Option<Standing> {
        self.read(limit(name), |tx, limit| Box::pin(vendor_limits::look(tx, limit))).await.unwrap()
    }
}

pub async fn concurrent_reservations_never_overlap(house: House) {
    let second = House { store: house.second_store().await, place: house.place.clone() };
    let wanted = Wanted { count: 3, within: MINUTE };
    let taken = join_all((0..20).map(|number| {
        let house = if number % 2 == 0 { &house } else { &second };
        async move { house.reserve("a", vec![wanted; 2]).await }
    }))
    .await;
    let mut slots: Vec<i64> = taken.iter().flat_map(|standing| standing.slots.clone()).collect();
    assert_eq!(slots.len(), 120);
    assert!(taken.iter().all(|standing| standing.slots.is_sorted() && standing.slots.len() == 6));
    slots.sort_unstable();
    assert!(slots.windows(2).all(|two| two[1] - two[0] >= 50_000), "20 in a second at the most: {slots:?}");
    assert_eq!(
        house.look("a").await.unwrap().next,
        taken.iter().map(|standing| standing.next).max().unwrap()
    );
    second.store.close().await;
}

pub async fn slots_go_on_where_the_last_were_taken(house: House) {
    assert!(house.look("a").await.is_none(), "never used");
    let now = house.now().await;
    let first = house.reserve_at("a", ALL_OF_IT, now).await;
    assert!(
        first.slots.len() > 19 && first.slots.len() < 25,
        "a second of them and a small burst: {first:?}"
    );
    assert!(house.reserve_at("a", ALL_OF_IT, now).await.slots.is_empty(), "the second is used up");
    assert!(!house.reserve_at("A", ALL_OF_IT, now).await.slots.is_empty(), "another limit");
    let house = house.reopened().await;
    let next = house.reserve_at("a", ALL_OF_IT, now + SECOND).await;
    let distance = next.slots[0] - first.slots.last().unwrap();
    assert!(distance >= 50_000, "a restart forgets nothing: {distance}");
    assert!(next.slots.len() <= 20, "{next:?}");
}

pub async fn what_is_rolled_back_takes_no_slot(house: House) {
    house.reserve("a", vec![Wanted { count: 1, within: SECOND }]).await;
    let before = house.look("a").await.unwrap().next;
    let lost = house.write(limit("a"), |tx, limit| {
        Box::pin(async move {
            vendor_limits::reserve(tx, limit, &[ALL_OF_IT]).await?;
            vendor_limits::pause(tx, limit, Some(MINUTE), 0).await?;
            Err::<(), _>(StoreError::GuardLost("something else"))
        })
    });
    lost.await.unwrap_err();
    let after = house.look("a").await.unwrap();
    assert_eq!((after.next, after.paused_for), (before, Duration::ZERO));
}

pub async fn a_pause_is_everybodys_and_the_longest_counts(house: House) {
    assert_eq!(house.pause("a", Some(MINUTE)).await, MINUTE);
    assert!(house.pause("a", Some(SECOND)).await > SECOND, "a shorter one changes nothing");
    let standing = house.reserve("a", vec![ALL_OF_IT]).await;
    assert!(standing.slots.is_empty() && standing.paused_for > 50 * SECOND, "{standing:?}");
    assert!(!house.reserve("b", vec![ALL_OF_IT]).await.slots.is_empty(), "not that of others");
    let house = house.reopened().await;
    assert!(house.look("a").await.unwrap().paused_for > 50 * SECOND);
    let over = house.now().await + MINUTE + SECOND;
    assert!(!house.reserve_at("a", ALL_OF_IT, over).await.slots.is_empty());
    assert_eq!(house.pause("a", Some(1000 * MINUTE)).await, 10 * MINUTE, "as long as it may be");
}

pub async fn pauses_without_a_time_grow(house: House) {
    assert_eq!(house.pause("a", None).await, SECOND);
    let told_again = house.pause("a", None).await;
    assert!(told_again <= SECOND, "one answer after the other says the same: {told_again:?}");
    waybill_testkit::eventually("the pause is over and the next one is longer", SOON, async || {
        let next = house.pause("a", None).await;
        (next > SECOND).then_some(next)
    })
    .await;
    assert!(house.look("a").await.unwrap().paused_for <= 2 * SECOND);
}
