//! What sets automatic screening off on the originator's side: the answer.

use waybill_domain::VerificationResult;
use waybill_jobs::{ScreenAddress, ScreenPersons};

use crate::fake_peer::Act;
use crate::fixture::{ADDRESS, beneficiary, denied, uuid, verified};
use crate::house::{House, Options};

async fn house() -> House {
    let rules = "refinitiv-wco:verified, chainalysis-sanction:created";
    House::with(Options { settings: vec![("WAYBILL__SCREENING__OUTGOING", rules)], ..Options::default() })
        .await
}

#[tokio::test]
async fn a_good_answer_has_the_beneficiary_screened_in_the_trace_of_the_request() {
    let (house, uuid) = (house().await, uuid(1));
    house.peer.will([Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(uuid).await;
    assert_eq!(house.until_ended(uuid, 1).await.result, VerificationResult::Verified);
    let commands = house.commands::<ScreenPersons>(uuid).await;
    assert_eq!(commands.len(), 1);
    assert_eq!(commands[0].body, format!(r#"{{"verificationUuid":"{uuid}","role":"ORIGINATOR"}}"#));
    assert!(house.commands::<ScreenAddress>(uuid).await.is_empty(), "that was when it was accepted");
}

#[tokio::test]
async fn a_denial_leads_to_nothing() {
    let (house, uuid) = (house().await, uuid(1));
    house.peer.will([Act::Seal(denied("UNKNOWN-ADDRESS", "no"))]);
    house.verify(uuid).await;
    assert_eq!(house.until_ended(uuid, 1).await.result, VerificationResult::Denied);
    assert!(house.commands::<ScreenPersons>(uuid).await.is_empty());
}
