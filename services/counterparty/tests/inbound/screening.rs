//! What sets automatic screening off on the beneficiary's side.

use serde_json::json;
use waybill_domain::{Event, Role, Verdict, VerificationState, VerificationUuid};
use waybill_jobs::{Command, ScreenAddress, ScreenPersons, ScreenTransfer};
use waybill_store::tables::verifications::{self, Change};

use crate::fixture::*;
use crate::house::House;

const RULES: &str = "chainalysis-sanction:created, refinitiv-wco:verified, chainalysis-kyt:reported";

async fn bodies<C: Command>(house: &House, uuid: VerificationUuid) -> Vec<String> {
    house.commands::<C>(uuid).await.into_iter().map(|command| command.body).collect()
}

fn body(uuid: VerificationUuid) -> String {
    json!({"verificationUuid": uuid, "role": "BENEFICIARY"}).to_string()
}

async fn count(house: &House, uuid: VerificationUuid) -> (usize, usize, usize) {
    (
        bodies::<ScreenAddress>(house, uuid).await.len(),
        bodies::<ScreenPersons>(house, uuid).await.len(),
        bodies::<ScreenTransfer>(house, uuid).await.len(),
    )
}

async fn ask(house: &House, uuid: VerificationUuid) {
    let letter = house.question(ROBOT, uuid, &payload()).await;
    assert!(house.send(&letter).await.status.is_success());
    assert!(house.send(&letter).await.status.is_success(), "the same message again");
}

async fn report(house: &House, uuid: VerificationUuid) {
    for _ in 0..2 {
        let report = json!({"verificationUuid": uuid, "txHash": "0xabc"});
        house.tell(ROBOT, "transactions", &report).await.acknowledges();
    }
}

#[tokio::test]
async fn a_deposit_is_screened_when_the_settings_say_so_and_once_each() {
    let (house, uuid) = (House::with(&[("WAYBILL__SCREENING__INCOMING", RULES)]).await, uuid(1));
    ask(&house, uuid).await;
    assert_eq!(house.ended(uuid).await.0, "VERIFIED");
    assert_eq!(count(&house, uuid).await, (1, 1, 0));
    report(&house, uuid).await;
    assert_eq!(count(&house, uuid).await, (1, 1, 1));
    assert_eq!(bodies::<ScreenTransfer>(&house, uuid).await, [body(uuid)]);
}

#[tokio::test]
async fn an_answer_that_comes_later_counts_as_much() {
    let settings =
        [("WAYBILL__SCREENING__INCOMING", RULES), ("WAYBILL__LISTENER__INLINE_ANSWER_BUDGET", "0s")];
    let (house, uuid) = (House::with(&settings).await, uuid(1));
    ask(&house, uuid).await;
    assert_eq!(count(&house, uuid).await, (1, 0, 0));
    house.start();
    waybill_testkit::eventually("it is answered", std::time::Duration::from_secs(20), || async {
        (house.ended(uuid).await.0 == "VERIFIED").then_some(())
    })
    .await;
    assert_eq!(count(&house, uuid).await, (1, 1, 0));
}

#[tokio::test]
async fn nothing_is_screened_at_first_nor_by_the_rules_of_the_other_direction() {
    for settings in [&[][..], &[("WAYBILL__SCREENING__OUTGOING", RULES)]] {
        let (house, uuid) = (House::with(settings).await, uuid(1));
        ask(&house, uuid).await;
        report(&house, uuid).await;
        assert_eq!(count(&house, uuid).await, (0, 0, 0));
    }
}

#[tokio::test]
async fn a_denied_one_and_an_error_lead_to_none() {
    let (house, uuid) = (House::with(&[("WAYBILL__SCREENING__INCOMING", RULES)]).await, uuid(1));
    house.waiting(uuid, Role::Beneficiary).await;
    house.advance(uuid, VerificationState::WAIT, Event::Answered(Verdict::Verified), Change::default()).await;
    let error = json!({"verificationUuid": uuid, "result": "ERROR", "reason": "USER-CANCELED"});
    house.tell(ROBOT, "errors", &error).await.acknowledges();
    assert_eq!(count(&house, uuid).await, (0, 0, 0));
}

#[tokio::test]
async fn as_our_own_counterparty_we_screen_as_the_originator_only() {
    let (house, uuid) = (House::with(&[("WAYBILL__SCREENING__INCOMING", RULES)]).await, uuid(1));
    let mut new = house.new_verification(uuid, Role::Originator);
    new.beneficiary_vasp_id = OURS;
    let write = house.ctx.store.write("test", new, |tx, new| Box::pin(verifications::insert(tx, new)));
    let inserted: Result<bool, waybill_store::StoreError> = write.await;
    assert!(inserted.unwrap());
    house.send(&house.question(OURS, uuid, &payload()).await).await;
    assert_eq!(count(&house, uuid).await, (0, 0, 0));
}
