//! One peer's trouble is its own: messages to it are parked, and parking is no failure.

use std::time::Duration;

use waybill_domain::VerificationResult;
use waybill_egress::EgressOptions;
use waybill_jobs::VerifyCounterparty;
use waybill_store::tables::commands::CommandStatus;

use crate::fake_peer::Act;
use crate::fixture::{ADDRESS, beneficiary, uuid, verified};
use crate::house::{House, Options};

#[tokio::test]
async fn questions_to_a_peer_that_failed_are_parked_and_asked_later() {
    let egress =
        EgressOptions { failures_to_open: 1, open_for: Duration::from_secs(60), ..EgressOptions::default() };
    let (house, uuid) = (House::with(Options { egress, ..Options::default() }).await, uuid(1));
    house.peer.will([Act::refuse(500, "INTERNAL-ERROR"), Act::Seal(verified(&beneficiary(ADDRESS)))]);
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
