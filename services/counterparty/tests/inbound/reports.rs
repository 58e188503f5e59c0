//! An originator reports the transaction, or that there will be none.

use serde_json::{Value, json};
use waybill_domain::{Event, KeyType, Role, Verdict, VerificationState, VerificationUuid};
use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_store::tables::verifications::Change;

use crate::fixture::*;
use crate::house::{Heard, House};

async fn answered(verdict: Verdict) -> (House, VerificationUuid) {
    let (house, uuid) = (House::new().await, uuid(1));
    house.waiting(uuid, Role::Beneficiary).await;
    let change = Change { reason: Some("OK".to_owned()), ..Change::default() };
    house.advance(uuid, VerificationState::WAIT, Event::Answered(verdict), change).await;
    (house, uuid)
}

async fn transaction(house: &House, uuid: VerificationUuid, tx_hash: &str, vout: Option<&str>) -> Heard {
    let mut body = json!({"verificationUuid": uuid, "txHash": tx_hash});
    if let Some(vout) = vout {
        body["vout"] = json!(vout);
    }
    house.tell(ROBOT, "transactions", &body).await
}

async fn error(house: &House, uuid: VerificationUuid, result: &str, reason: &str) -> Heard {
    let body = json!({"verificationUuid": uuid, "result": result, "reason": reason});
    house.tell(ROBOT, "errors", &body).await
}

async fn error_with(house: &House, uuid: VerificationUuid, detail: &Value) -> Heard {
    let body = json!({"verificationUuid": uuid, "result": "ERROR", "reason": "USER-CANCELED"});
    let letter =
        house.sealed_letter(ROBOT, "errors", Some(uuid), KeyType::PerVerification, body, detail).await;
    house.send(&letter).await
}

#[tokio::test]
async fn a_transaction_is_stored_and_our_backend_is_told() {
    let (house, uuid) = answered(Verdict::Verified).await;
    transaction(&house, uuid, "0xAbC", Some("3")).await.acknowledges();
    let row = house.row(uuid).await.unwrap();
    assert_eq!((row.tx_hash.as_deref(), row.vout.as_deref()), (Some("0xAbC"), Some("3")));
    assert_eq!(row.ordered_at, Some(house.ctx.clock.now()));
    assert_eq!(house.callback(uuid).await.callback_type, CallbackType::TxReport);
    assert_eq!(house.audited().await[0].event, "TX-REPORTED");
}

#[tokio::test]
async fn the_same_transaction_again_adds_nothing_and_another_is_refused() {
    let (house, uuid) = answered(Verdict::Verified).await;
    transaction(&house, uuid, "0xabc", None).await.acknowledges();
    let after = house.snapshot(&[uuid]).await;
    transaction(&house, uuid, "0xabc", None).await.acknowledges();
    transaction(&house, uuid, "0xabd", None).await.refuses(409, "TX-ALREADY-REPORTED");
    transaction(&house, uuid, "0xabc", Some("1")).await.refuses(409, "TX-ALREADY-REPORTED");
    assert_eq!(house.snapshot(&[uuid]).await, after);
}

#[tokio::test]
async fn a_transaction_of_what_is_not_verified_is_refused() {
    for verdict in [Verdict::Denied, Verdict::Error] {
        let (house, uuid) = answered(verdict).await;
        transaction(&house, uuid, "0xabc", None).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
        error(&house, uuid, "ERROR", "USER-CANCELED").await.refuses(409, "VERIFICATION-NOT-VERIFIED");
    }
    let (house, uuid) = (House::new().await, uuid(1));
    house.waiting(uuid, Role::Beneficiary).await;
    transaction(&house, uuid, "0xabc", None).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
    error(&house, uuid, "ERROR", "USER-CANCELED").await.refuses(409, "VERIFICATION-NOT-VERIFIED");
}

#[tokio::test]
async fn reports_that_overtake_our_answer_succeed_when_they_come_again() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.waiting(uuid, Role::Beneficiary).await;
    transaction(&house, uuid, "0xabc", None).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
    let event = Event::Answered(Verdict::Verified);
    house.advance(uuid, VerificationState::WAIT, event, Change::default()).await;
    transaction(&house, uuid, "0xabc", None).await.acknowledges();
}

#[tokio::test]
async fn an_error_is_stored_and_our_backend_is_told() {
    for result in ["ERROR", "DENIED"] {
        let (house, uuid) = answered(Verdict::Verified).await;
        error(&house, uuid, result, "USER-CANCELED").await.acknowledges();
        assert_eq!(house.ended(uuid).await, (result.to_owned(), Some("USER-CANCELED".to_owned())));
        let callback = house.callback(uuid).await;
        assert_eq!(callback.callback_type, CallbackType::ErrorReport);
        assert_eq!(
            (callback.result.as_deref(), callback.reason.as_deref()),
            (Some(result), Some("USER-CANCELED"))
        );
        assert_eq!(house.audited().await[0].event, "ERROR-REPORTED");
    }
}

#[tokio::test]
async fn the_words_of_an_error_stay_sealed() {
    let (house, uuid) = answered(Verdict::Verified).await;
    error_with(&house, uuid, &json!({"message": "Taylor changed her mind"})).await.acknowledges();
    let row = house.row(uuid).await.unwrap();
    assert_eq!(house.message(&row).as_deref(), Some("Taylor changed her mind"));
    let callback = house.commands::<DeliverCallback>(uuid).await.remove(0);
    assert!(!callback.body.contains("Taylor"), "{}", callback.body);
    let snapshot: DeliverCallback = serde_json::from_str(&callback.body).unwrap();
    assert_eq!(snapshot.message_sealed, row.message_sealed);
}

#[tokio::test]
async fn words_that_are_too_long_are_invalid() {
    let (house, uuid) = answered(Verdict::Verified).await;
    let before = house.snapshot(&[uuid]).await;
    for detail in [json!({"message": "x".repeat(1025)}), json!({"message": 1}), json!({})] {
        error_with(&house, uuid, &detail).await.refuses(422, "INVALID-PAYLOAD");
    }
    error(&house, uuid, "ERROR", &"R".repeat(257)).await.refuses(400, "INVALID-REASON");
    error(&house, uuid, "VERIFIED", "OK").await.refuses(400, "INVALID-RESULT");
    assert_eq!(house.snapshot(&[uuid]).await, before);
}

#[tokio::test]
async fn the_same_error_again_adds_nothing_and_another_is_refused() {
    let (house, uuid) = answered(Verdict::Verified).await;
    error(&house, uuid, "ERROR", "USER-CANCELED").await.acknowledges();
    let after = house.snapshot(&[uuid]).await;
    error(&house, uuid, "ERROR", "USER-CANCELED").await.acknowledges();
    error(&house, uuid, "DENIED", "USER-CANCELED").await.refuses(409, "ERROR-ALREADY-REPORTED");
    error(&house, uuid, "ERROR", "NOT-ALLOWED").await.refuses(409, "ERROR-ALREADY-REPORTED");
    transaction(&house, uuid, "0xabc", None).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
    assert_eq!(house.snapshot(&[uuid]).await, after);
}

#[tokio::test]
async fn nothing_follows_a_transaction() {
    let (house, uuid) = answered(Verdict::Verified).await;
    transaction(&house, uuid, "0xabc", None).await.acknowledges();
    error(&house, uuid, "ERROR", "USER-CANCELED").await.refuses(409, "ERROR-AFTER-TX");
    assert_eq!(house.ended(uuid).await.0, "VERIFIED");
}
