//! Verifications that are not answered at once: nothing is lost, and nothing is allowed by default.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use waybill_domain::{Role, VerificationUuid};
use waybill_jobs::AnswerVerification;
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, CommandStatus};
use waybill_store::tables::verifications;
use waybill_testkit::eventually;

use crate::backend::{Say, no_answers};
use crate::fixture::*;
use crate::house::{House, PATIENCE};

const BUDGET: &str = "WAYBILL__LISTENER__INLINE_ANSWER_BUDGET";
const TIMEOUT: &str = "WAYBILL__BACKEND__VERIFICATION_TIMEOUT";

/// A house whose workers run and that never answers at once.
async fn patient() -> (House, VerificationUuid) {
    let house = House::with(&[(BUDGET, "0s"), (TIMEOUT, "300ms")]).await;
    house.start();
    (house, uuid(1))
}

async fn accepted(house: &House, uuid: VerificationUuid) {
    let heard = house.send(&house.question(ROBOT, uuid, &payload()).await).await;
    assert_eq!((heard.status.as_u16(), &heard.body["status"]), (202, &json!("ACCEPTED")));
}

async fn told(house: &House, number: usize) -> Value {
    eventually("the robot hears the answer", PATIENCE, || async { house.robot.heard().get(number).cloned() })
        .await
}

fn expected() -> Value {
    let mut answer = verified();
    answer["verifiedAt"] = json!("2026-01-02T03:04:05.000Z");
    answer
}

#[tokio::test]
async fn without_a_budget_the_answer_follows() {
    let (house, uuid) = patient().await;
    accepted(&house, uuid).await;
    assert_eq!(told(&house, 0).await, expected());
    house.until::<AnswerVerification>(uuid, 1, CommandStatus::Done).await;
    assert_eq!(house.ended(uuid).await.0, "VERIFIED");
    assert_eq!(house.backend.heard().len(), 1);
}

#[tokio::test]
async fn an_answer_after_the_budget_is_kept_and_follows() {
    let house = House::with(&[(BUDGET, "1ms")]).await;
    let uuid = uuid(1);
    house.start();
    house.backend.will([Say::AtTheGate(verified())]);
    accepted(&house, uuid).await;
    house.backend.open_the_gate();
    assert_eq!(told(&house, 0).await, expected());
    house.until::<AnswerVerification>(uuid, 2, CommandStatus::Done).await;
    assert_eq!(house.backend.heard().len(), 1, "asked once");
}

#[tokio::test]
async fn an_originator_that_hangs_up_is_answered_all_the_same() {
    let (house, uuid) = (Arc::new(House::new().await), uuid(1));
    house.start();
    house.backend.will([Say::AtTheGate(verified())]);
    let letter = house.question(ROBOT, uuid, &payload()).await;
    let asking = tokio::spawn({
        let house = Arc::clone(&house);
        async move { house.send(&letter).await }
    });
    eventually("the backend is asked", PATIENCE, || async { house.backend.heard().first().map(drop) }).await;
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    house.backend.open_the_gate();
    assert_eq!(told(&house, 0).await, expected());
}

#[tokio::test]
async fn a_node_that_died_before_it_answered_answers_later() {
    let (house, uuid) = (House::new().await, uuid(1));
    // What the first write of the listener leaves behind; then the power goes.
    let body = AnswerVerification {
        verification_uuid: uuid,
        reply_key_id: "robot-key".to_owned(),
        reply_public_key: house.robot.reply_key.public.to_string(),
    };
    let lease = house.ctx.bus.lease(Duration::from_millis(1));
    let command = house.ctx.bus.command(&body).in_group(uuid).leased(lease);
    let work = (house.new_verification(uuid, Role::Beneficiary), command);
    let write = house.ctx.store.write("test", work, |tx, (row, command)| {
        Box::pin(async move {
            assert!(verifications::insert(tx, row).await?);
            commands::insert(tx, command).await
        })
    });
    write.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    house.start();
    assert_eq!(told(&house, 0).await, expected());
    house.until::<AnswerVerification>(uuid, 2, CommandStatus::Done).await;
}

#[tokio::test]
async fn an_unreachable_backend_is_asked_until_it_answers() {
    for (said, own_doing) in no_answers().into_iter().chain([(Say::Nothing, false)]) {
        if own_doing {
            continue;
        }
        let (house, uuid) = patient().await;
        house.backend.will(vec![said; 4]);
        accepted(&house, uuid).await;
        for attempt in 1..=4 {
            house.try_again::<AnswerVerification>(uuid, attempt).await;
            assert_eq!(house.ended(uuid).await.0, "WAIT");
        }
        assert_eq!(told(&house, 0).await["result"], "VERIFIED");
    }
}

#[tokio::test]
async fn a_backend_that_talks_nonsense_is_given_up_with_an_error() {
    for (said, own_doing) in no_answers() {
        if !own_doing {
            continue;
        }
        let (house, uuid) = patient().await;
        house.backend.will(vec![said; 3]);
        accepted(&house, uuid).await;
        for attempt in 1..=2 {
            house.try_again::<AnswerVerification>(uuid, attempt).await;
            assert_eq!(house.ended(uuid).await.0, "WAIT");
        }
        let answer = told(&house, 0).await;
        assert_eq!((&answer["result"], &answer["reason"]), (&json!("ERROR"), &json!("UNDEFINED-ERROR")));
        assert_eq!(house.ended(uuid).await, ("ERROR".to_owned(), Some("UNDEFINED-ERROR".to_owned())));
    }
}

#[tokio::test]
async fn only_nonsense_counts_as_nonsense() {
    let (house, uuid) = patient().await;
    let raw = |status, body: &str| Say::Raw(status, "application/json", body.to_owned());
    let down = || raw(503, "{}");
    house.backend.will([down(), down(), raw(200, "nonsense"), down(), raw(400, "{}"), down()]);
    accepted(&house, uuid).await;
    for attempt in 1..=6 {
        house.try_again::<AnswerVerification>(uuid, attempt).await;
        assert_eq!(house.ended(uuid).await.0, "WAIT");
    }
    assert_eq!(told(&house, 0).await["result"], "VERIFIED");
}

#[tokio::test]
async fn the_third_nonsense_ends_it_whatever_came_between() {
    let (house, uuid) = (House::with(&[(TIMEOUT, "300ms")]).await, uuid(1));
    let raw = |status, body: &str| Say::Raw(status, "application/json", body.to_owned());
    let nonsense = || raw(200, "nonsense");
    house.backend.will([nonsense(), raw(503, "{}"), nonsense(), raw(503, "{}"), nonsense()]);
    accepted(&house, uuid).await; // and the first nonsense came within the budget
    house.until::<AnswerVerification>(uuid, 1, CommandStatus::Created).await;
    house.start();
    for attempt in 1..=4 {
        house.try_again::<AnswerVerification>(uuid, attempt).await;
    }
    assert_eq!(told(&house, 0).await["result"], "ERROR");
    assert_eq!(house.backend.heard().len(), 5);
}

#[tokio::test]
async fn nonsense_within_the_budget_is_asked_again_by_the_workers() {
    let (house, uuid) = (House::new().await, uuid(1));
    house.backend.will([Say::Raw(200, "text/html", "<html>".to_owned())]);
    accepted(&house, uuid).await;
    let waiting = house.until::<AnswerVerification>(uuid, 1, CommandStatus::Created).await;
    assert!(waiting.last_error.unwrap().contains("content type"));
    house.start();
    house.try_again::<AnswerVerification>(uuid, 1).await;
    assert_eq!(told(&house, 0).await, expected());
}

#[tokio::test]
async fn a_backend_that_never_answers_ends_in_a_timeout_at_the_deadline() {
    let (house, uuid) = patient().await;
    house.backend.will(vec![Say::Raw(503, "application/json", "{}".to_owned()); 9]);
    accepted(&house, uuid).await;
    house.until::<AnswerVerification>(uuid, 1, CommandStatus::Created).await;
    house.clock.advance(Duration::from_secs(600));
    house.try_again::<AnswerVerification>(uuid, 1).await;
    house.until::<AnswerVerification>(uuid, 2, CommandStatus::Done).await;
    assert_eq!(house.ended(uuid).await, ("ERROR".to_owned(), Some("REQUEST-TIMEOUT".to_owned())));
    assert_eq!(house.backend.heard().len(), 1, "not asked after the deadline");
    assert!(house.robot.heard().is_empty(), "the originator knows by itself");
}

#[tokio::test]
async fn an_answer_is_sent_until_the_originator_has_it() {
    let (house, uuid) = patient().await;
    house.robot.will_refuse([(503, "SERVICE-UNAVAILABLE"), (429, "TOO-MANY-REQUESTS")]);
    accepted(&house, uuid).await;
    for attempt in 1..=2 {
        house.try_again::<AnswerVerification>(uuid, attempt).await;
    }
    house.until::<AnswerVerification>(uuid, 3, CommandStatus::Done).await;
    assert_eq!(house.robot.heard(), [expected(), expected(), expected()]);
    assert_eq!(house.backend.heard().len(), 1, "decided once");
}

#[tokio::test]
async fn an_originator_that_gave_up_is_left_alone() {
    for code in [(410, "EXPIRED-VERIFICATION"), (409, "UNKNOWN-KEY")] {
        let (house, uuid) = patient().await;
        house.robot.will_refuse([code]);
        accepted(&house, uuid).await;
        house.until::<AnswerVerification>(uuid, 1, CommandStatus::Done).await;
    }
    let (house, uuid) = patient().await;
    house.robot.will_refuse([(409, "VERIFICATION-CONFLICT")]);
    accepted(&house, uuid).await;
    let dead = house.until::<AnswerVerification>(uuid, 1, CommandStatus::Error).await;
    assert_eq!(dead.last_error.as_deref(), Some("VERIFICATION-CONFLICT"));
}

#[tokio::test]
async fn an_answer_is_not_sent_after_the_deadline() {
    let (house, uuid) = patient().await;
    house.robot.will_refuse([(503, "SERVICE-UNAVAILABLE"); 2]);
    accepted(&house, uuid).await;
    house.until::<AnswerVerification>(uuid, 1, CommandStatus::Created).await;
    house.clock.advance(Duration::from_secs(600));
    house.try_again::<AnswerVerification>(uuid, 1).await;
    house.until::<AnswerVerification>(uuid, 2, CommandStatus::Done).await;
    assert_eq!(house.ended(uuid).await.0, "VERIFIED", "until the originator's notice");
}
