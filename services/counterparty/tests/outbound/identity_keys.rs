//! Whose signature an answer needs while the counterparty replaces its identity key.

use std::time::Duration;

use waybill_domain::VerificationResult;
use waybill_jobs::VerifyCounterparty;
use waybill_store::tables::commands::CommandStatus;

use crate::fake_peer::Act;
use crate::fixture::{ADDRESS, Listed, PEER, beneficiary, identity, other_identity, uuid, verified};
use crate::house::House;

fn good() -> Act {
    Act::Seal(verified(&beneficiary(ADDRESS)))
}

#[tokio::test]
async fn an_answer_by_either_key_is_good_while_they_overlap() {
    for listed in [Listed::Leaving, Listed::Coming] {
        let (house, uuid) = (House::new().await, uuid(1));
        house.peer.sign_with(other_identity(listed));
        house.peer.will([good()]);
        house.verify(uuid).await;
        assert_eq!(house.until_ended(uuid, 1).await.result, VerificationResult::Verified, "{listed:?}");
    }
}

#[tokio::test]
async fn an_answer_by_a_key_that_is_over_or_early_is_no_answer() {
    for listed in [Listed::Over, Listed::Early] {
        let (house, uuid) = (House::new().await, uuid(1));
        house.peer.sign_with(other_identity(listed));
        house.peer.will([good(), good()]);
        house.verify(uuid).await;
        let waiting = house.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Created).await;
        let error = waiting.last_error.unwrap_or_default();
        assert!(error.contains("signature is not good"), "{listed:?}: {error}");
        assert_eq!(house.row(uuid).await.result, VerificationResult::Wait);
        house.peer.sign_with(identity(PEER));
        house.try_again::<VerifyCounterparty>(uuid, 1).await;
        assert_eq!(house.until_ended(uuid, 2).await.result, VerificationResult::Verified);
    }
}

/// The same key, before and after its last moment.
#[tokio::test]
async fn what_proved_an_answer_during_the_overlap_proves_none_after_it() {
    let house = House::new().await;
    house.peer.sign_with(other_identity(Listed::Leaving));
    house.clock.advance(Duration::from_secs(599));
    house.peer.will([good()]);
    house.verify(uuid(1)).await;
    assert_eq!(house.until_ended(uuid(1), 1).await.result, VerificationResult::Verified);

    house.clock.advance(Duration::from_secs(1));
    house.peer.will([good()]);
    house.verify(uuid(2)).await;
    let waiting = house.until::<VerifyCounterparty>(uuid(2), 1, CommandStatus::Created).await;
    assert!(waiting.last_error.unwrap_or_default().contains("signature is not good"));
    assert_eq!(house.row(uuid(2)).await.result, VerificationResult::Wait);
}
