//! Answers to our own questions that come by themselves.

use std::time::Duration;

use serde_json::{Value, json};
use waybill_domain::{KeyType, Role, VerificationUuid};
use waybill_jobs::{CallbackType, DeliverCallback, NotifyExpiry, VerifyCounterparty};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, CommandStatus};

use crate::fixture::*;
use crate::house::{Heard, House};
use crate::letter::Letter;

/// We asked the robot, and wait.
async fn house() -> (House, VerificationUuid) {
    let (house, uuid) = (House::new().await, uuid(1));
    house.waiting(uuid, Role::Originator).await;
    let command = house.ctx.bus.command(&VerifyCounterparty { verification_uuid: uuid });
    let command = command.in_group(uuid).after(Duration::from_secs(3600));
    let write = house.ctx.store.write("test", command, |tx, command| Box::pin(commands::insert(tx, command)));
    write.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    (house, uuid)
}

async fn letter(house: &House, uuid: VerificationUuid, answer: &Value) -> Letter {
    let body = json!({"verificationUuid": uuid});
    house.sealed_letter(ROBOT, "answers", Some(uuid), KeyType::PerVerification, body, answer).await
}

async fn answer(house: &House, uuid: VerificationUuid, answer: &Value) -> Heard {
    house.send(&letter(house, uuid, answer).await).await
}

#[tokio::test]
async fn the_answer_ends_the_wait_and_our_backend_is_told() {
    let (house, uuid) = house().await;
    let letter = letter(&house, uuid, &as_answer(verified())).await;
    house.send(&letter).await.acknowledges();
    assert_eq!(house.ended(uuid).await, ("VERIFIED".to_owned(), Some("OK".to_owned())));
    let callback = house.callback(uuid).await;
    assert_eq!(callback.callback_type, CallbackType::VerificationResult);
    assert_eq!(house.commands::<VerifyCounterparty>(uuid).await[0].status, CommandStatus::Done);
    let body: Value = serde_json::from_str(&letter.body).unwrap();
    assert!(
        house.own_key(body["sealed"]["keyId"].as_str().unwrap()).await.is_none(),
        "the reply key is spent"
    );
}

#[tokio::test]
async fn the_same_answer_again_is_acknowledged_and_another_is_a_conflict() {
    let (house, uuid) = house().await;
    answer(&house, uuid, &as_answer(verified())).await.acknowledges();
    let after = house.snapshot(&[uuid]).await;
    answer(&house, uuid, &as_answer(verified())).await.acknowledges();
    answer(&house, uuid, &as_answer(denied("BLACKLISTED"))).await.refuses(409, "VERIFICATION-CONFLICT");
    assert_eq!(house.snapshot(&[uuid]).await, after);
    // Sealed to the key that went with the first answer: a repetition that can no longer be opened.
    let mut spent = letter(&house, uuid, &as_answer(verified())).await;
    let mut body: Value = serde_json::from_str(&spent.body).unwrap();
    body["sealed"]["keyId"] = json!("spent");
    spent.body = body.to_string();
    house.send(&spent).await.acknowledges();
    assert_eq!(house.snapshot(&[uuid]).await, after);
    assert_eq!(house.commands::<DeliverCallback>(uuid).await.len(), 1);
}

#[tokio::test]
async fn a_denial_ends_the_wait_too() {
    let (house, uuid) = house().await;
    answer(&house, uuid, &as_answer(denied("MISMATCHED-NAME"))).await.acknowledges();
    assert_eq!(house.ended(uuid).await, ("DENIED".to_owned(), Some("MISMATCHED-NAME".to_owned())));
    answer(&house, uuid, &as_answer(denied("MISMATCHED-NAME"))).await.acknowledges();
}

#[tokio::test]
async fn an_answer_after_the_deadline_is_expired() {
    let (house, uuid) = house().await;
    house.clock.advance(Duration::from_secs(600));
    let before = house.snapshot(&[uuid]).await;
    answer(&house, uuid, &as_answer(verified())).await.refuses(410, "EXPIRED-VERIFICATION");
    assert_eq!(house.snapshot(&[uuid]).await, before);
    house.start();
    house.try_again::<VerifyCounterparty>(uuid, 0).await;
    house.until::<VerifyCounterparty>(uuid, 1, CommandStatus::Done).await;
    assert_eq!(house.ended(uuid).await.1.as_deref(), Some("REQUEST-TIMEOUT"));
    answer(&house, uuid, &as_answer(verified())).await.refuses(410, "EXPIRED-VERIFICATION");
    assert_eq!(house.ended(uuid).await.0, "ERROR");
}

#[tokio::test]
async fn answers_that_cannot_be_used_change_nothing() {
    let (house, uuid) = house().await;
    let before = house.snapshot(&[uuid]).await;
    let mut contradictory = as_answer(verified());
    contradictory["reason"] = json!("BLACKLISTED");
    let mut empty = as_answer(verified());
    empty.as_object_mut().unwrap().remove("ivms101");
    for bad in [json!({}), json!({"result": "CERTAINLY"}), contradictory, empty] {
        answer(&house, uuid, &bad).await.refuses(422, "INVALID-PAYLOAD");
    }
    let good = letter(&house, uuid, &as_answer(verified())).await;
    let moved = Letter { message_id: house.message_id(), ..good.clone() };
    house.send(&moved).await.refuses(400, "UNREADABLE-PAYLOAD");
    let mut body: Value = serde_json::from_str(&good.body).unwrap();
    body["sealed"]["keyId"] = json!("gone");
    let unknown = Letter { body: body.to_string(), message_id: house.message_id(), ..good };
    house.send(&unknown).await.refuses(409, "UNKNOWN-KEY");
    assert_eq!(house.snapshot(&[uuid]).await, before);
}

#[tokio::test]
async fn another_account_number_is_an_error_here_too() {
    let (house, uuid) = house().await;
    let mut other = as_answer(verified());
    other["ivms101"]["beneficiary"]["accountNumber"] = json!(["0xother"]);
    answer(&house, uuid, &other).await.acknowledges();
    let not_matched = "BENEFICIARY-ACCOUNT-NOT-MATCHED".to_owned();
    assert_eq!(house.ended(uuid).await, ("ERROR".to_owned(), Some(not_matched)));
    answer(&house, uuid, &other).await.acknowledges();
    assert_eq!(house.commands::<NotifyExpiry>(uuid).await.len(), 1, "the sender holds it as verified");
    answer(&house, uuid, &as_answer(verified())).await.refuses(410, "EXPIRED-VERIFICATION");
}

#[tokio::test]
async fn a_node_that_found_another_account_number_itself_says_so() {
    let (house, uuid) = house().await;
    let said = json!({"result": "ERROR", "reason": "BENEFICIARY-ACCOUNT-NOT-MATCHED"});
    answer(&house, uuid, &as_answer(said)).await.acknowledges();
    let not_matched = "BENEFICIARY-ACCOUNT-NOT-MATCHED".to_owned();
    assert_eq!(house.ended(uuid).await, ("ERROR".to_owned(), Some(not_matched)));
    assert!(house.commands::<NotifyExpiry>(uuid).await.is_empty(), "the sender knows");
    answer(&house, uuid, &as_answer(verified())).await.refuses(409, "VERIFICATION-CONFLICT");
}
