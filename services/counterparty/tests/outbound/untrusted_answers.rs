//! Answers that must not be believed: nothing of them is kept, and the question is asked again.

use std::time::Duration;

use serde_json::{Value, json};
use waybill_counterparty::outbound::{Recorded, judge_answer, record_answer};
use waybill_domain::{VerificationResult, VerificationUuid};
use waybill_jobs::{DeliverCallback, NotifyExpiry, VerifyCounterparty};
use waybill_protocol::messages::VerificationAnswer;
use waybill_store::StoreError;
use waybill_store::tables::commands::CommandStatus;

use crate::fake_peer::{Act, BadSignature};
use crate::fixture::{ADDRESS, beneficiary, denied, uuid, verified};
use crate::house::House;

/// The first answer is bad in some way; the wait goes on, and a good answer ends it.
async fn is_no_answer(bad: Act, what: &str) {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([bad, Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(uuid).await;
    let waiting = house.try_again::<VerifyCounterparty>(uuid, 1).await;
    assert!(waiting.last_error.as_deref().unwrap().contains(what), "{:?}", waiting.last_error);
    assert!(!waiting.last_error.unwrap().contains("Taylor"));
    assert_eq!(house.until_ended(uuid, 2).await.result, VerificationResult::Verified);
    assert_eq!(house.commands::<DeliverCallback>(uuid).await.len(), 1);
}

fn signed_badly(bad: BadSignature) -> Act {
    Act::Sign(bad, Box::new(Act::Seal(denied("BLACKLISTED", "Taylor"))))
}

#[tokio::test]
async fn badly_signed_answers_are_no_answers() {
    use BadSignature::{Absent, Altered, OtherKey, OtherMessage, Stale};
    for bad in [Absent, Altered, OtherKey, OtherMessage, Stale] {
        is_no_answer(signed_badly(bad), "signature is not good").await;
    }
}

#[tokio::test]
async fn a_refusal_without_a_good_signature_is_not_acted_on() {
    let refusal = Act::refuse(403, "UNKNOWN-SENDER");
    is_no_answer(Act::Sign(BadSignature::Absent, Box::new(refusal)), "signature is not good").await;
}

#[tokio::test]
async fn signed_nonsense_is_no_answer() {
    let other = json!({"verificationUuid": uuid(9), "status": "ACCEPTED"});
    for (act, what) in [
        (Act::Answer(200, json!({"hello": "Taylor"})), "not the body"),
        (Act::Answer(200, other), "another verification"),
        (Act::Answer(201, json!({})), "no meaning"),
        (Act::Answer(302, json!({})), "no meaning"),
        (Act::Answer(200, json!("x".repeat(300_000))), "too large"),
    ] {
        is_no_answer(act, what).await;
    }
}

#[tokio::test]
async fn an_unknown_result_never_counts_as_verified() {
    let strange = json!({"result": "CERTAINLY", "verifiedAt": "2026-01-02T03:04:06.000Z"});
    is_no_answer(Act::Seal(strange), "it does not open").await;
    is_no_answer(Act::Seal(json!({"result": "VERIFIED"})), "it does not open").await;
    is_no_answer(Act::Seal(json!({"name": "Taylor"})), "it does not open").await;
}

#[tokio::test]
async fn a_confirmation_that_confirms_nobody_never_counts_as_verified() {
    let mut empty = verified(&beneficiary(ADDRESS));
    empty.as_object_mut().unwrap().remove("ivms101");
    is_no_answer(Act::Seal(empty), "confirms no beneficiary").await;
    is_no_answer(Act::Seal(verified(&json!({"beneficiaryPersons": "Taylor"}))), "not readable").await;
    let mut large = beneficiary(ADDRESS);
    let person = large["beneficiaryPersons"][0].clone();
    let number = 41 * 1024 / person.to_string().len();
    large["beneficiaryPersons"] = json!(vec![person; number]);
    is_no_answer(Act::Seal(verified(&large)), "beneficiary is too large").await;
    let mut contradictory = verified(&beneficiary(ADDRESS));
    contradictory["reason"] = json!("BLACKLISTED");
    is_no_answer(Act::Seal(contradictory), "a reason against it").await;
}

#[tokio::test]
async fn an_answer_that_stays_unusable_ends_in_an_error() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will((0..6).map(|_| Act::Seal(json!({"result": "CERTAINLY"}))));
    house.peer.will([Act::acknowledge()]);
    house.verify(uuid).await;
    for attempt in 1..=5 {
        house.try_again::<VerifyCounterparty>(uuid, attempt).await;
    }
    let row = house.until_ended(uuid, 6).await;
    assert_eq!((row.result, row.reason.as_deref()), (VerificationResult::Error, Some("UNDEFINED-ERROR")));
    assert_eq!(house.message(&row).as_deref(), Some("COUNTERPARTY-INVALID-ANSWER"));
    is_told(&house, uuid, "UNDEFINED-ERROR").await;
    assert_eq!(arrives(&house, uuid, verified(&beneficiary(ADDRESS))).await, Recorded::TooLate);
}

#[tokio::test]
async fn attempts_without_an_answer_are_no_unusable_answers() {
    let (house, uuid) = (House::new().await, uuid(1));
    let unusable = || Act::Seal(json!({"result": "CERTAINLY"}));
    house.peer.will((0..4).map(|_| Act::refuse(500, "INTERNAL-ERROR")));
    house.peer.will([Act::accept(), unusable(), Act::accept(), unusable()]);
    house.peer.will([Act::Seal(verified(&beneficiary(ADDRESS)))]);
    house.verify(uuid).await;
    for attempt in 1..=8 {
        house.try_again::<VerifyCounterparty>(uuid, attempt).await;
        assert_eq!(house.row(uuid).await.result, VerificationResult::Wait);
    }
    assert_eq!(house.until_ended(uuid, 9).await.result, VerificationResult::Verified);
}

#[tokio::test]
async fn another_account_number_is_an_error() {
    for account in ["0x5811001506550D8356A215BE229C15B6EF371A9B", "0xother", ""] {
        let (house, uuid) = (House::new().await, uuid(1));
        house.peer.will([Act::Seal(verified(&beneficiary(account))), Act::acknowledge()]);
        house.verify(uuid).await;
        let row = house.until_ended(uuid, 1).await;
        let not_matched = Some("BENEFICIARY-ACCOUNT-NOT-MATCHED");
        assert_eq!((row.result, row.reason.as_deref()), (VerificationResult::Error, not_matched));
        assert_eq!(house.callback(uuid).await.reason.as_deref(), not_matched);
        assert_eq!(house.beneficiary(&row), beneficiary(ADDRESS), "nothing of the answer is kept");
        is_told(&house, uuid, "BENEFICIARY-ACCOUNT-NOT-MATCHED").await;
    }
}

/// The peer, which believes that it verified, is told how it ended.
async fn is_told(house: &House, uuid: VerificationUuid, reason: &str) {
    house.until::<NotifyExpiry>(uuid, 1, CommandStatus::Done).await;
    let told = house.peer.heard().pop().unwrap();
    assert_eq!((&*told.path, &told.body["reason"]), ("expiries", &json!(reason)));
}

#[tokio::test]
async fn free_text_is_no_reason() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::Seal(denied("Taylor is unknown", "sorry"))]);
    house.verify(uuid).await;
    let row = house.until_ended(uuid, 1).await;
    assert_eq!((row.result, row.reason.as_deref()), (VerificationResult::Denied, Some("UNDEFINED-ERROR")));
    assert_eq!(house.message(&row).as_deref(), Some("Taylor is unknown: sorry"));
}

/// What the listener does with an answer that comes by itself.
async fn arrives(house: &House, uuid: VerificationUuid, answer: Value) -> Recorded {
    let answer: VerificationAnswer = serde_json::from_value(answer).unwrap();
    let ending = judge_answer(&house.ctx, &house.row(uuid).await, answer, None).unwrap();
    let write = house.ctx.store.write("test", ending, |tx, ending| Box::pin(record_answer(tx, ending)));
    write.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
}

#[tokio::test]
async fn an_answer_that_comes_by_itself_closes_the_question() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.peer.will([Act::accept()]);
    house.verify(uuid).await;
    house.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Created).await;
    assert_eq!(arrives(&house, uuid, verified(&beneficiary(ADDRESS))).await, Recorded::First);
    assert_eq!(house.until_ended(uuid, 1).await.result, VerificationResult::Verified);
    assert_eq!(house.callback(uuid).await.result.as_deref(), Some("VERIFIED"));
    assert_eq!(arrives(&house, uuid, verified(&beneficiary(ADDRESS))).await, Recorded::Again);
    assert_eq!(arrives(&house, uuid, denied("BLACKLISTED", "")).await, Recorded::Contradicts);
    assert_eq!(house.row(uuid).await.result, VerificationResult::Verified);
    assert_eq!(house.commands::<DeliverCallback>(uuid).await.len(), 1);
}

#[tokio::test]
async fn an_answer_after_the_deadline_changes_nothing() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.clock.advance(Duration::from_secs(1));
    house.verify(uuid).await;
    house.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Created).await;
    house.clock.advance(Duration::from_secs(600));
    house.try_again::<VerifyCounterparty>(uuid, 1).await;
    assert_eq!(house.until_ended(uuid, 2).await.result, VerificationResult::Error);
    assert_eq!(arrives(&house, uuid, verified(&beneficiary(ADDRESS))).await, Recorded::TooLate);
    assert_eq!(house.row(uuid).await.result, VerificationResult::Error);
    assert_eq!(house.commands::<DeliverCallback>(uuid).await.len(), 1);
}
