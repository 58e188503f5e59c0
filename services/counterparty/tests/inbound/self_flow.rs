//! A VASP that is its own counterparty: the row is there before the question arrives, and serves both sides.

use serde_json::json;
use waybill_domain::{Event, Role, Verdict, VerificationState, VerificationUuid};
use waybill_jobs::{AnswerVerification, CallbackType, DeliverCallback};
use waybill_store::StoreError;
use waybill_store::tables::commands::CommandStatus;
use waybill_store::tables::verifications::{self, Change};

use crate::fixture::*;
use crate::house::House;

/// We ask ourselves, as ingress has it.
async fn house(settings: &[(&'static str, &'static str)]) -> (House, VerificationUuid) {
    let (house, uuid) = (House::with(settings).await, uuid(1));
    let mut new = house.new_verification(uuid, Role::Originator);
    new.beneficiary_vasp_id = OURS;
    let write = house.ctx.store.write("test", new, |tx, new| Box::pin(verifications::insert(tx, new)));
    assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    (house, uuid)
}

#[tokio::test]
async fn our_own_question_is_answered_and_the_asking_side_writes_it_down() {
    let (house, uuid) = house(&[]).await;
    for round in 1..=2 {
        let letter = house.question(OURS, uuid, &payload()).await;
        let heard = house.send(&letter).await;
        assert_eq!(house.open(&letter, "verifications", Some(uuid), &heard)["result"], "VERIFIED");
        assert_eq!(house.ended(uuid).await.0, "WAIT", "the first answer was lost on its way");
        assert_eq!(house.backend.heard().len(), round);
    }
    let commands = house.commands::<AnswerVerification>(uuid).await;
    assert!(commands.iter().all(|command| command.status == CommandStatus::Done));
}

#[tokio::test]
async fn our_own_question_can_wait_for_its_answer() {
    let (house, uuid) = house(&[("WAYBILL__LISTENER__INLINE_ANSWER_BUDGET", "0s")]).await;
    for _ in 0..2 {
        assert_eq!(house.send(&house.question(OURS, uuid, &payload()).await).await.status, 202);
    }
    assert_eq!(house.commands::<AnswerVerification>(uuid).await.len(), 1);
}

#[tokio::test]
async fn reports_to_ourselves_call_back_once() {
    let (house, uuid) = house(&[]).await;
    let event = Event::Answered(Verdict::Verified);
    house.advance(uuid, VerificationState::WAIT, event, Change::default()).await;
    let change = Change { transaction: Some(("0xabc".to_owned(), None)), ..Change::default() };
    house.advance(uuid, VerificationState::VERIFIED, Event::TransactionReported, change).await;
    for _ in 0..2 {
        let report = json!({"verificationUuid": uuid, "txHash": "0xabc"});
        house.tell(OURS, "transactions", &report).await.acknowledges();
    }
    assert_eq!(house.callback(uuid).await.callback_type, CallbackType::TxReport);
    assert_eq!(house.commands::<DeliverCallback>(uuid).await.len(), 1);
}

#[tokio::test]
async fn both_rules_about_roles_hold_for_ourselves() {
    let (house, uuid) = house(&[]).await;
    house.backend.will([crate::backend::Say::Json(json!({
        "verificationUuid": uuid, "transactionStatus": "PENDING"
    }))]);
    let heard = house.tell(OURS, "inquiries", &json!({"verificationUuid": uuid})).await;
    assert_eq!(heard.body["transactionStatus"], "PENDING");
    let report = json!({"verificationUuid": uuid, "txHash": "0xabc"});
    house.tell(ROBOT, "transactions", &report).await.refuses(404, "VERIFICATION-NOT-FOUND");
}
