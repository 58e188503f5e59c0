//! One peer's trouble is its own: messages to it are parked, and parking is no failure.

use std::time::Duration;

use waybill_domain::{Place, VerificationResult};
use waybill_egress::EgressOptions;
use waybill_jobs::VerifyCounterparty;
use waybill_store::tables::commands::CommandStatus;

use crate::fake_peer::Act;
use crate::fixture::{ADDRESS, beneficiary, uuid, verified};
use crate::house::{House, Options};

/// A house that leaves a peer alone after one failure.
async fn touchy_house() -> House {
    let egress =
        EgressOptions { failures_to_open: 1, open_for: Duration::from_secs(60), ..EgressOptions::default() };
    House::with(Options { egress, ..Options::default() }).await
}

#[tokio::test]
async fn questions_to_a_peer_that_does_not_answer_are_parked_and_asked_later() {
    for failure in [Act::Unsigned(503), Act::Unsigned(500), Act::Break] {
        let (house, uuid) = (touchy_house().await, uuid(1));
        house.peer.will([failure, Act::Seal(verified(&beneficiary(ADDRESS)))]);
        house.verify(uuid).await;
        house.try_again::<VerifyCounterparty>(uuid, 1).await;
        let parked = house.try_again::<VerifyCounterparty>(uuid, 2).await;
        assert!(parked.last_error.unwrap().contains("suspended"));
        assert_eq!(house.peer.heard().len(), 1, "the peer is left alone");
        house.until::<VerifyCounterparty>(uuid, 3, CommandStatus::Created).await;
        house.clock.advance(Duration::from_secs(90));
        house.try_again::<VerifyCounterparty>(uuid, 3).await;
        assert_eq!(house.until_ended(uuid, 4).await.result, VerificationResult::Verified);
    }
}

#[tokio::test]
async fn refusals_by_a_peer_that_answers_are_about_this_question_only() {
    let (house, first, second) = (touchy_house().await, uuid(1), uuid(2));
    let answer = || Act::Seal(verified(&beneficiary(ADDRESS)));
    let refusals = [
        Act::refuse(500, "INTERNAL-ERROR"),
        Act::refuse(503, "SERVICE-UNAVAILABLE"),
        Act::With("retry-after", "60", Box::new(Act::refuse(503, "DATABASE-UNAVAILABLE"))),
        Act::Unsigned(429),
    ];
    for (attempts, refusal) in (1..).zip(refusals) {
        house.peer.will([refusal]);
        match attempts {
            1 => house.verify(first).await,
            _ => drop(house.try_again::<VerifyCounterparty>(first, attempts - 1).await),
        }
        let refused = house.until::<VerifyCounterparty>(first, attempts, CommandStatus::Created).await;
        assert!(refused.last_error.unwrap().contains("status"), "asked and refused, not held back");
    }
    house.peer.will([answer(), answer()]);
    house.verify(second).await;
    assert_eq!(house.until_ended(second, 1).await.result, VerificationResult::Verified);
    house.try_again::<VerifyCounterparty>(first, 4).await;
    assert_eq!(house.until_ended(first, 5).await.result, VerificationResult::Verified);
}

#[tokio::test]
async fn a_process_without_a_share_leaves_questions_to_another_one() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.ctx.shares.counterparty.set(Place::NONE);
    house.peer.will([Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(uuid).await;
    let parked = house.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Created).await;
    assert!(parked.last_error.unwrap().contains("under way"));
    assert_eq!(house.peer.heard().len(), 0);
    house.ctx.shares.counterparty.set(Place { number: 2, of: 3 });
    house.try_again::<VerifyCounterparty>(uuid, 1).await;
    assert_eq!(house.until_ended(uuid, 2).await.result, VerificationResult::Verified);
}

#[tokio::test]
async fn a_busy_peer_is_asked_again_soon() {
    let egress =
        EgressOptions { concurrency: 1, wait_for_permit: Duration::ZERO, ..EgressOptions::default() };
    let house = House::with(Options { egress, ..Options::default() }).await;
    let (first, second) = (uuid(1), uuid(2));
    house.peer.will([Act::Hang, Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(first).await;
    waybill_testkit::eventually("the first hangs", Duration::from_secs(20), || async {
        (house.peer.heard().len() == 1).then_some(())
    })
    .await;
    house.verify(second).await;
    let parked = house.until::<VerifyCounterparty>(second, 1, CommandStatus::Created).await;
    assert!(parked.last_error.unwrap().contains("too many messages"));
}
