//! An originator tells that it ended a verification without our answer.

use std::time::Duration;

use serde_json::json;
use waybill_domain::{Event, Role, Verdict, VerificationState, VerificationUuid};
use waybill_jobs::{AnswerVerification, CallbackType, DeliverCallback};
use waybill_store::tables::commands::CommandStatus;
use waybill_store::tables::verifications::Change;

use crate::backend::Say;
use crate::fixture::*;
use crate::house::{Heard, House};

async fn notice(house: &House, uuid: VerificationUuid) -> Heard {
    let body = json!({"verificationUuid": uuid, "expiresAt": "2026-01-02T03:14:05.000Z"});
    house.tell(ROBOT, "expiries", &body).await
}

fn timed_out() -> (String, Option<String>) {
    ("ERROR".to_owned(), Some("REQUEST-TIMEOUT".to_owned()))
}

#[tokio::test]
async fn a_waiting_verification_ends_and_its_answer_is_not_sent() {
    let (house, uuid) = (House::with(&[("WAYBILL__LISTENER__INLINE_ANSWER_BUDGET", "0s")]).await, uuid(1));
    house.send(&house.question(ROBOT, uuid, &payload()).await).await;
    notice(&house, uuid).await.acknowledges();
    assert_eq!(house.ended(uuid).await, timed_out());
    assert_eq!(house.commands::<AnswerVerification>(uuid).await[0].status, CommandStatus::Done);
    assert!(house.commands::<DeliverCallback>(uuid).await.is_empty(), "our backend knows nothing of it");
    notice(&house, uuid).await.acknowledges();
    house.send(&house.question(ROBOT, uuid, &payload()).await).await.refuses(410, "EXPIRED-VERIFICATION");
}

#[tokio::test]
async fn a_verified_one_ends_as_an_error_and_our_backend_is_told_once() {
    let (house, uuid) = (House::new().await, uuid(1));
    assert_eq!(house.send(&house.question(ROBOT, uuid, &payload()).await).await.status, 200);
    for _ in 0..2 {
        notice(&house, uuid).await.acknowledges();
    }
    assert_eq!(house.ended(uuid).await, timed_out());
    let callback = house.callback(uuid).await;
    assert_eq!(callback.callback_type, CallbackType::ErrorReport);
    let told = (callback.result, callback.reason);
    assert_eq!(told, (Some("ERROR".to_owned()), Some("REQUEST-TIMEOUT".to_owned())));
    let report = json!({"verificationUuid": uuid, "txHash": "0xabc"});
    house.tell(ROBOT, "transactions", &report).await.refuses(409, "VERIFICATION-NOT-VERIFIED");
}

#[tokio::test]
async fn the_reason_that_the_originator_gives_is_ours_too() {
    let (house, uuid) = (House::new().await, uuid(1));
    let letter = house.question(ROBOT, uuid, &payload()).await;
    assert_eq!(house.send(&letter).await.status, 200);
    let notice = |reason: &str| json!({"verificationUuid": uuid, "expiresAt": "2026-01-02T03:14:05.000Z", "reason": reason});
    house.tell(ROBOT, "expiries", &notice("")).await.refuses(400, "INVALID-REASON");
    house.tell(ROBOT, "expiries", &notice("BENEFICIARY-ACCOUNT-NOT-MATCHED")).await.acknowledges();
    let not_matched = Some("BENEFICIARY-ACCOUNT-NOT-MATCHED".to_owned());
    assert_eq!(house.ended(uuid).await, ("ERROR".to_owned(), not_matched.clone()));
    let callback = house.callback(uuid).await;
    assert_eq!((callback.callback_type, callback.reason), (CallbackType::ErrorReport, not_matched.clone()));
    let again = house.question(ROBOT, uuid, &payload()).await;
    let heard = house.send(&again).await;
    let answer = house.open(&again, "verifications", Some(uuid), &heard);
    assert_eq!((&answer["result"], &answer["reason"]), (&json!("ERROR"), &json!(not_matched)));
    assert!(answer.get("ivms101").is_none());
}

#[tokio::test]
async fn a_notice_while_our_backend_thinks_wins() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.backend.will([Say::AtTheGate(verified())]);
    let letter = house.question(ROBOT, uuid, &payload()).await;
    let expire = async {
        waybill_testkit::eventually("the backend is asked", crate::house::PATIENCE, || async {
            house.backend.heard().first().map(drop)
        })
        .await;
        notice(&house, uuid).await.acknowledges();
        house.backend.open_the_gate();
    };
    let (heard, ()) = tokio::join!(house.send(&letter), expire);
    heard.refuses(410, "EXPIRED-VERIFICATION");
    house.send(&letter).await.refuses(410, "EXPIRED-VERIFICATION");
    assert_eq!(house.ended(uuid).await, timed_out());
    assert_eq!(house.commands::<AnswerVerification>(uuid).await[0].status, CommandStatus::Done);
}

#[tokio::test]
async fn what_is_over_stays_as_it_is() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.waiting(uuid, Role::Beneficiary).await;
    let event = Event::Answered(Verdict::Denied);
    house.advance(uuid, VerificationState::WAIT, event, Change::default()).await;
    let before = house.snapshot(&[uuid]).await;
    notice(&house, uuid).await.acknowledges();
    assert_eq!(house.snapshot(&[uuid]).await, before);
}

#[tokio::test]
async fn a_notice_that_overtakes_its_question_has_to_come_again() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.clock.advance(Duration::from_millis(1));
    let early = notice(&house, uuid).await;
    early.refuses(404, "VERIFICATION-NOT-FOUND");
    assert_eq!(early.headers["retry-after"], "600", "until the deadline by our clock");
    assert_eq!(house.send(&house.question(ROBOT, uuid, &payload()).await).await.status, 200);
    assert_eq!(house.ended(uuid).await.0, "VERIFIED");
    notice(&house, uuid).await.acknowledges();
    assert_eq!(house.ended(uuid).await, timed_out());
}

#[tokio::test]
async fn after_the_deadline_an_unknown_verification_is_acknowledged_and_its_question_refused() {
    let (house, uuid) = (House::new().await, uuid(9));
    house.clock.advance(Duration::from_secs(600));
    notice(&house, uuid).await.acknowledges();
    let late = json!("2026-01-02T03:14:05.000Z");
    let letter = house.question_with(ROBOT, uuid, &payload(), |body| body["expiresAt"] = late).await;
    house.send(&letter).await.refuses(410, "EXPIRED-VERIFICATION");
    assert!(house.row(uuid).await.is_none());
}

#[tokio::test]
async fn a_notice_after_the_transaction_is_refused() {
    let (house, uuid) = (House::new().await, uuid(1));
    assert_eq!(house.send(&house.question(ROBOT, uuid, &payload()).await).await.status, 200);
    let report = json!({"verificationUuid": uuid, "txHash": "0xabc"});
    house.tell(ROBOT, "transactions", &report).await.acknowledges();
    notice(&house, uuid).await.refuses(409, "ERROR-AFTER-TX");
    assert_eq!(house.ended(uuid).await.0, "VERIFIED");
}
