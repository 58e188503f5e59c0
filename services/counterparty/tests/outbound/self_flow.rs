//! A VASP that is its own counterparty: our node is the peer, over one row.

use waybill_domain::{Event, KeyType, Verdict, VerificationResult, VerificationState};
use waybill_jobs::{DeliverCallback, VerifyCounterparty};
use waybill_store::StoreError;
use waybill_store::tables::verifications::{self, Change};

use crate::fake_peer::Act;
use crate::fixture::{ADDRESS, OURS, beneficiary, uuid, verified};
use crate::house::{House, Options};

async fn house() -> House {
    House::with(Options { peer: Some(OURS), ..Options::default() }).await
}

#[tokio::test]
async fn asking_ourselves_works_like_asking_others() {
    let (house, uuid) = (house().await, uuid(1));
    house.peer.will([Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(uuid).await;
    assert_eq!(house.until_ended(uuid, 1).await.result, VerificationResult::Verified);
    assert_eq!(house.callback(uuid).await.result.as_deref(), Some("VERIFIED"));
}

#[tokio::test]
async fn an_answer_that_the_other_role_wrote_first_still_reaches_our_backend_once() {
    let (house, uuid) = (house().await, uuid(1));
    house.accept(uuid, KeyType::PerVasp).await;
    let change = Change { reason: Some("OK".to_owned()), ..Change::default() };
    let write = house.ctx.store.write("test", (uuid, change), |tx, (uuid, change)| {
        let event = Event::Answered(Verdict::Verified);
        Box::pin(verifications::advance(tx, *uuid, VerificationState::WAIT, event, change))
    });
    assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    for attempt in 0..2 {
        house.begin(uuid, &VerifyCounterparty { verification_uuid: uuid }).await;
        waybill_testkit::eventually("all are done", std::time::Duration::from_secs(20), || async {
            let commands = house.commands::<VerifyCounterparty>(uuid).await;
            let done = commands.iter().filter(|command| command.finished_at.is_some()).count();
            (done == attempt + 1).then_some(())
        })
        .await;
    }
    assert_eq!(house.callback(uuid).await.result.as_deref(), Some("VERIFIED"));
    assert_eq!(house.commands::<DeliverCallback>(uuid).await.len(), 1);
    assert!(house.peer.heard().is_empty());
}
