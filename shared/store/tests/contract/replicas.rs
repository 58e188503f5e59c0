//! Which processes are there, and which destinations all of them leave alone.

use std::time::Duration;

use futures_util::future::join_all;
use waybill_domain::Place;
use waybill_store::tables::clock;
use waybill_store::tables::open_breakers::{self, OpenBreaker, ProbeClaim};
use waybill_store::tables::replicas::{self, Replica};
use waybill_testkit::eventually;

use crate::house::House;
use crate::samples::*;

const PEER: &str = "vasp:27372039731940770";
const MOMENT: Duration = Duration::from_millis(1);
/// No pause is longer.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

impl House {
    /// Whether it counted as there.
    async fn is_there(&self, part: &str, node_id: &str, claim: Place, live: Duration) -> bool {
        let replica = Replica { part: part.to_owned(), node_id: node_id.to_owned(), claim };
        self.write(replica, move |tx, replica| Box::pin(replicas::put(tx, replica, live))).await.unwrap()
    }

    async fn living(&self, live: Duration) -> Vec<(String, String, Place)> {
        let living = self.read(live, |tx, live| Box::pin(replicas::living(tx, *live))).await.unwrap();
        living.into_iter().map(|replica| (replica.part, replica.node_id, replica.claim)).collect()
    }

    async fn forget(&self, node_id: &'static str, unheard: Duration) {
        self.write((), move |tx, ()| Box::pin(replicas::forget(tx, node_id, unheard))).await.unwrap();
    }

    async fn open(&self, destination: &str, left: Duration, failed_probes: u32) {
        let breaker = breaker(destination, left, failed_probes);
        self.write(breaker, |tx, breaker| Box::pin(open_breakers::open(tx, breaker, LONGEST, LONG)))
            .await
            .unwrap();
    }

    async fn probe(&self, node_id: &str, length: Duration) -> ProbeClaim {
        self.write(node_id.to_owned(), move |tx, node_id| {
            Box::pin(open_breakers::claim_probe(tx, PEER, node_id, length, LONGEST))
        })
        .await
        .unwrap()
    }

    /// Waits until the database's clock, which steps by milliseconds, has moved on.
    async fn until_later(&self) {
        let now = async || self.read((), |tx, ()| Box::pin(clock::now(tx))).await.unwrap();
        let before = now().await;
        eventually("time passes", SOON, async || (now().await > before + 3 * MOMENT).then_some(())).await;
    }

    async fn all_open(&self) -> Vec<OpenBreaker> {
        self.read((), |tx, ()| Box::pin(open_breakers::all(tx, LONGEST))).await.unwrap()
    }
}

fn entry(part: &str, node_id: &str, claim: Place) -> (String, String, Place) {
    (part.to_owned(), node_id.to_owned(), claim)
}

fn breaker(destination: &str, left: Duration, failed_probes: u32) -> OpenBreaker {
    let (destination, probed_for) = (destination.to_owned(), Duration::ZERO);
    OpenBreaker { destination, left, probed_for, failed_probes }
}

fn refused(claim: ProbeClaim) -> Duration {
    match claim {
        ProbeClaim::Refused(OpenBreaker { left, .. }) => left,
        other => panic!("{other:?}"),
    }
}

pub async fn the_living_stand_in_the_order_in_which_they_came(house: House) {
    let half = Place { number: 1, of: 2 };
    house.is_there("ingress", "b", Place::NONE, LONG).await;
    house.until_later().await;
    house.is_there("ingress", "a", half, LONG).await;
    house.is_there("callback", "b", Place::WHOLE, LONG).await;
    house.until_later().await;
    assert!(house.is_there("ingress", "b", half, LONG).await);
    let all =
        [entry("callback", "b", Place::WHOLE), entry("ingress", "b", half), entry("ingress", "a", half)];
    assert_eq!(house.living(LONG).await, all, "with what they said last");
    house.forget("b", LONG).await;
    assert_eq!(house.living(LONG).await, [entry("ingress", "a", half)]);
}

pub async fn whoever_was_silent_comes_back_as_the_last(house: House) {
    let live = Duration::from_millis(200);
    house.is_there("ingress", "first", Place::NONE, live).await;
    eventually("nobody is heard of", SOON, async || house.living(live).await.is_empty().then_some(())).await;
    house.is_there("ingress", "second", Place::NONE, LONG).await;
    house.until_later().await;
    assert!(!house.is_there("ingress", "first", Place::NONE, live).await);
    let order: Vec<String> = house.living(LONG).await.into_iter().map(|(_, node_id, _)| node_id).collect();
    assert_eq!(order, ["second", "first"]);
    house.until_later().await;
    house.forget("another", MOMENT).await;
    assert_eq!(house.living(LONG).await, [], "rows of the dead do not stay");
}

pub async fn one_of_many_sees_whether_a_destination_works_again(house: House) {
    assert_eq!(house.probe("a", LONG).await, ProbeClaim::Closed);
    house.open(PEER, LONG, 2).await;
    assert!(refused(house.probe("a", LONG).await) > LONG / 2, "not while the pause lasts");
    house.write((), |tx, ()| Box::pin(open_breakers::close(tx, PEER))).await.unwrap();
    house.open(PEER, Duration::ZERO, 3).await;
    house.until_later().await;
    let claims = join_all((0..30).map(|number| {
        let house = &house;
        async move { house.probe(&number.to_string(), LONG).await }
    }))
    .await;
    assert_eq!(claims.iter().filter(|claim| **claim == ProbeClaim::Taken).count(), 1, "{claims:?}");
    let [open] = house.all_open().await.try_into().unwrap();
    assert!(open.probed_for > LONG / 2 && open.failed_probes == 3, "{open:?}");
    assert_eq!(open.left, Duration::ZERO);

    let winner = claims.iter().position(|claim| *claim == ProbeClaim::Taken).unwrap().to_string();
    for (node_id, left) in [("somebody else".to_owned(), LONG / 2), (winner, Duration::ZERO)] {
        house
            .write(node_id, |tx, node_id| Box::pin(open_breakers::release_probe(tx, PEER, node_id)))
            .await
            .unwrap();
        assert!(house.all_open().await[0].probed_for >= left);
    }
    assert_eq!(house.probe("a", MOMENT).await, ProbeClaim::Taken);
    eventually("a probe that is never heard of again ends", SOON, async || {
        (house.probe("b", LONG).await == ProbeClaim::Taken).then_some(())
    })
    .await;
}

pub async fn the_longest_pause_counts_and_old_ones_are_forgotten(house: House) {
    house.open(PEER, LONG, 1).await;
    house.open(PEER, Duration::from_secs(1), 0).await;
    let [open] = house.all_open().await.try_into().unwrap();
    assert!(open.left > LONG / 2 && open.left <= LONG && open.failed_probes == 1, "{open:?}");
    house.open(PEER, 2 * LONG, 4).await;
    let [open] = house.all_open().await.try_into().unwrap();
    assert!(open.left > LONG && open.failed_probes == 4, "{open:?}");

    let open = |destination| breaker(destination, Duration::ZERO, 0);
    for destination in ["vasp:1", "vasp:2"] {
        house.until_later().await;
        house
            .write(open(destination), |tx, open| Box::pin(open_breakers::open(tx, open, LONGEST, MOMENT)))
            .await
            .unwrap();
    }
    let names: Vec<String> = house.all_open().await.into_iter().map(|open| open.destination).collect();
    assert_eq!(names, ["vasp:2", PEER]);
    house.write((), |tx, ()| Box::pin(open_breakers::close(tx, PEER))).await.unwrap();
    assert_eq!(house.all_open().await.len(), 1);
}

/// What was noted before the clock was set back is as what lies far ahead.
pub async fn a_clock_set_back_keeps_neither_the_dead_nor_pauses(house: House) {
    let ahead = 2 * LONGEST;
    house.open(PEER, ahead, 1).await;
    assert_eq!(house.all_open().await[0].left, Duration::ZERO, "longer than any pause");
    assert_eq!(house.probe("a", ahead).await, ProbeClaim::Taken);
    assert_eq!(house.probe("b", LONG).await, ProbeClaim::Taken, "longer than any probe");
    assert!(matches!(house.probe("c", LONG).await, ProbeClaim::Refused(open) if open.probed_for > LONG / 2));
    house.open(PEER, LONG, 2).await;
    let [open] = house.all_open().await.try_into().unwrap();
    assert!(open.left > LONG / 2 && open.left <= LONG && open.failed_probes == 2, "{open:?}");

    house.is_there("ingress", "a", Place::WHOLE, LONG).await;
    assert_eq!(house.raw("UPDATE replicas SET seen_at = '2999-01-01 00:00:00.000'").await, Ok(1));
    assert_eq!(house.living(LONG).await, []);
    house.is_there("ingress", "a", Place::WHOLE, LONG).await;
    assert_eq!(
        house.living(LONG).await,
        [entry("ingress", "a", Place::WHOLE)],
        "whoever lives says so again"
    );
}
