//! The same message again, as it was or altered.

use serde_json::json;
use waybill_domain::{Event, KeyType, Role, Verdict, VerificationState};
use waybill_jobs::{AnswerVerification, DeliverCallback};

use crate::backend::Say;
use crate::fixture::*;
use crate::house::House;
use crate::letter::Letter;

#[tokio::test]
async fn the_same_message_gets_the_same_answer_and_does_nothing() {
    let (house, uuid) = (House::new().await, uuid(1));
    let letter = house.question(ROBOT, uuid, &payload()).await;
    let first = house.send(&letter).await;
    let after = house.snapshot(&[uuid]).await;
    for _ in 0..3 {
        let again = house.send(&letter).await;
        assert_eq!((again.status, &again.body, again.signed), (first.status, &first.body, true));
    }
    assert_eq!(house.snapshot(&[uuid]).await, after);
    assert_eq!(house.backend.heard().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_repeated_too_although_it_would_pass_by_now() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.waiting(uuid, Role::Beneficiary).await;
    let letter = house.letter(ROBOT, "transactions", &json!({"verificationUuid": uuid, "txHash": "0xabc"}));
    house.send(&letter).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
    let event = Event::Answered(Verdict::Verified);
    house.advance(uuid, VerificationState::WAIT, event, Default::default()).await;
    house.send(&letter).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
    assert!(house.commands::<DeliverCallback>(uuid).await.is_empty());
    let fresh = Letter { message_id: house.message_id(), ..letter };
    house.send(&fresh).await.acknowledges();
}

#[tokio::test]
async fn the_same_id_with_other_content_is_refused() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.waiting(uuid, Role::Beneficiary).await;
    let event = Event::Answered(Verdict::Verified);
    house.advance(uuid, VerificationState::WAIT, event, Default::default()).await;
    let letter = house.letter(ROBOT, "transactions", &json!({"verificationUuid": uuid, "txHash": "0xabc"}));
    house.send(&letter).await.acknowledges();
    let after = house.snapshot(&[uuid]).await;
    let altered = Letter { body: letter.body.replace("0xabc", "0xabd"), ..letter.clone() };
    house.send(&altered).await.refuses(409, "MESSAGE-ID-REUSED");
    assert_eq!(house.snapshot(&[uuid]).await, after);
    assert_eq!(house.audited_refusals().await[0].0, "MESSAGE-ID-REUSED");
    house.send(&letter).await.acknowledges();
    // The id of another member's message is nobody else's business.
    let theirs = Letter { sender: OTHER, identity: identity(OTHER), ..letter };
    house.send(&theirs).await.refuses(404, "VERIFICATION-NOT-FOUND");
}

#[tokio::test]
async fn a_replay_while_the_first_is_worked_on_is_told_to_wait_for_the_answer() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.backend.will([Say::AtTheGate(verified())]);
    let letter = house.question(ROBOT, uuid, &payload()).await;
    let replay = async {
        waybill_testkit::eventually("the backend is asked", crate::house::PATIENCE, || async {
            (house.backend.heard().len() == 1).then_some(())
        })
        .await;
        let replayed = house.send(&letter).await;
        house.backend.open_the_gate();
        replayed
    };
    let (first, replayed) = tokio::join!(house.send(&letter), replay);
    assert_eq!((replayed.status.as_u16(), &replayed.body["status"]), (202, &json!("ACCEPTED")));
    assert_eq!(first.status, 200);
    assert_eq!(house.send(&letter).await.body, first.body);
    assert_eq!(house.commands::<AnswerVerification>(uuid).await.len(), 1);
}

#[tokio::test]
async fn questions_that_store_nothing_are_remembered_as_well() {
    let house = House::new().await;
    let letter = house.letter(ROBOT, "keys", &json!({"keyType": "PerVerification"}));
    let first = house.send(&letter).await;
    assert_eq!(first.status, 200);
    assert_eq!(house.send(&letter).await.body, first.body, "no second key");

    house.backend.will([Say::Json(
        json!({"accountVerificationResult": "VERIFIED", "verifiedAt": "2026-01-02T03:04:05Z"}),
    )]);
    let body = json!({"keyType": "PerVerification", "symbol": "ETH", "replyKey": house.reply_key()});
    let question = json!({"version": "1.0", "ivms101": {"beneficiary": {"accountNumber": [ADDRESS]}}});
    let letter =
        house.sealed_letter(ROBOT, "accounts", None, KeyType::PerVerification, body, &question).await;
    let first = house.send(&letter).await;
    assert_eq!(first.status, 200);
    assert_eq!(house.send(&letter).await.body, first.body);
    assert_eq!(house.backend.heard().len(), 1);
}
