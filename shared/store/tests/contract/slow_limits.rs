//! Limits of vendors whose slots are far apart: a minute.

use std::time::Duration;

use chrono::DateTime;
use futures_util::future::join_all;
use waybill_domain::{SlotRule, Timestamp};
use waybill_store::tables::vendor_limits::{self, FURTHEST, Standing, VendorLimit, Wanted};

use crate::house::House;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// A slot is a minute apart, and three can be had at once after a quiet time.
fn limit() -> VendorLimit {
    VendorLimit { name: "vendor:1a2b3c4d".to_owned(), rule: SlotRule::new(60, HOUR), longest_pause: HOUR }
}

fn wanted(count: u32, within: Duration) -> Vec<Wanted> {
    vec![Wanted { count, within }]
}

async fn reserve(house: &House, wanted: Vec<Wanted>) -> Standing {
    let taken = house
        .write((limit(), wanted), |tx, (limit, wanted)| Box::pin(vendor_limits::reserve(tx, limit, wanted)));
    taken.await.unwrap()
}

async fn reserve_at(house: &House, count: u32, within: Duration, at: Timestamp) -> Standing {
    let taken = house.write((limit(), wanted(count, within)), move |tx, (limit, wanted)| {
        Box::pin(vendor_limits::reserve_at(tx, limit, wanted, at))
    });
    taken.await.unwrap()
}

async fn pause(house: &House, asked: Option<Duration>) -> Duration {
    let paused = house.write(limit(), move |tx, limit| Box::pin(vendor_limits::pause(tx, limit, asked, 0)));
    paused.await.unwrap()
}

async fn look(house: &House) -> Option<Standing> {
    house.read(limit(), |tx, limit| Box::pin(vendor_limits::look(tx, limit))).await.unwrap()
}

pub async fn slots_keep_their_distance_however_far_ahead_they_are(house: House) {
    assert_eq!(look(&house).await, None);
    let all = join_all((0..20).map(|_| reserve(&house, wanted(1, FURTHEST)))).await;
    let mut slots: Vec<i64> = all.iter().flat_map(|standing| standing.slots.clone()).collect();
    slots.sort_unstable();
    assert!(slots.len() >= 4, "{slots:?}");
    assert!(slots.windows(2).all(|pair| pair[1] - pair[0] >= 62_000_000), "{slots:?}");
    let known = look(&house).await.unwrap();
    assert_eq!(known.next, slots.last().unwrap() + 62_400_000);
}

pub async fn everybody_who_wants_some_has_his_own_patience(house: House) {
    let (all, none) = (reserve(&house, wanted(1, SECOND)).await, reserve(&house, wanted(0, SECOND)).await);
    assert_eq!((all.slots.len(), none.slots.len()), (1, 0));
    assert_eq!(all.next, none.next);
    let both = [wanted(1, SECOND), wanted(9, SECOND)].concat();
    let rest = reserve(&house, both).await;
    assert_eq!(rest.slots.len(), 2, "the burst");
    let refused = reserve(&house, wanted(1, SECOND)).await;
    assert_eq!((refused.slots.len(), refused.next), (0, rest.next), "a refusal changes nothing");
    assert_eq!(reserve(&house, wanted(9, FURTHEST)).await.slots.len(), 2, "those of two minutes");
}

pub async fn a_clock_that_was_set_back_stops_nobody_for_long(house: House) {
    let at = DateTime::from_timestamp_millis(1_767_323_045_000).unwrap();
    let before = reserve_at(&house, 3, SECOND, at).await;
    let back = at - Duration::from_secs(86_400);
    let refused = reserve_at(&house, 1, FURTHEST, back).await;
    assert!(refused.slots.is_empty() && refused.next < before.next, "{refused:?}");
    let minutes = Duration::from_secs(190);
    assert_eq!(reserve_at(&house, 1, SECOND, back + minutes).await.slots.len(), 1);
}

pub async fn a_pause_without_a_time_is_longer_each_time_in_a_row(house: House) {
    assert_eq!(pause(&house, None).await, SECOND);
    let same = pause(&house, None).await;
    assert!(same <= SECOND, "it is one pause: {same:?}");
    for expected in [2, 4, 8] {
        // As if the pause was over.
        house.raw("UPDATE vendor_limits SET paused_until = NULL").await.unwrap();
        let over = reserve(&house, Vec::new()).await.now - Duration::from_secs(5);
        let over = over.format("%Y-%m-%d %H:%M:%S%.3f");
        house.raw(&format!("UPDATE vendor_limits SET paused_until = '{over}'")).await.unwrap();
        assert_eq!(pause(&house, None).await, Duration::from_secs(expected));
    }
    let long_ago = reserve(&house, Vec::new()).await.now - HOUR;
    let long_ago = long_ago.format("%Y-%m-%d %H:%M:%S%.3f");
    house.raw(&format!("UPDATE vendor_limits SET paused_until = '{long_ago}'")).await.unwrap();
    assert_eq!(pause(&house, None).await, SECOND, "after a quiet time it begins anew");
}

pub async fn a_pause_that_was_noted_before_the_clock_was_set_back_is_over(house: House) {
    pause(&house, Some(SECOND)).await;
    house.raw("UPDATE vendor_limits SET paused_until = '2199-01-01 00:00:00.000'").await.unwrap();
    assert_eq!(look(&house).await.unwrap().paused_for, Duration::ZERO);
    assert_eq!(reserve(&house, wanted(1, SECOND)).await.slots.len(), 1);
}
