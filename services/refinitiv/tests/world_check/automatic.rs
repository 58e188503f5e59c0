//! Automatic screening.

use serde_json::json;
use waybill_domain::{Role, ScreeningOrigin, VerificationUuid};
use waybill_jobs::{Command as _, ScreenPersons};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, CommandFilter, CommandRow, CommandStatus};
use waybill_testkit::eventually;

use crate::house::{House, OURS, PATIENCE, PEER, natural, quick, taylor};
use crate::vendor::{Fault, Op};

async fn add(house: &House, uuid: VerificationUuid, role: Role) {
    let command = house.ctx.bus.command(&ScreenPersons { verification_uuid: uuid, role }).in_group(uuid);
    let write = house.ctx.store.write("test", command, |tx, command| Box::pin(commands::insert(tx, command)));
    write.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
}

/// Waits until the command about a verification has come so far.
async fn find(house: &House, uuid: VerificationUuid, is_so: impl Fn(&CommandRow) -> bool) -> CommandRow {
    let kind = Some(ScreenPersons::KIND.to_owned());
    let filter = CommandFilter { kind, group_key: Some(uuid.to_string()), status: None };
    eventually("the command comes so far", PATIENCE, || async {
        let filter = filter.clone();
        let read =
            house.ctx.store.read("test", filter, |tx, filter| Box::pin(commands::list(tx, filter, 10)));
        read.await.unwrap_or_else(|error: StoreError| panic!("{error}")).pop().filter(&is_so)
    })
    .await
}

/// Adds a command and waits for its end.
async fn command(house: &House, uuid: VerificationUuid, role: Role) {
    add(house, uuid, role).await;
    find(house, uuid, |row| row.status == CommandStatus::Done).await;
}

async fn called_back(house: &House, uuid: VerificationUuid) -> String {
    let callback = eventually("the callback", PATIENCE, || async { house.callbacks(uuid).await.pop() });
    callback.await.request_id.unwrap()
}

#[tokio::test]
async fn persons_are_screened_by_themselves() {
    let house = House::new().await;
    let uuid = house.verification(1, taylor()).await;
    command(&house, uuid, Role::Originator).await;
    let row = house.processed(&called_back(&house, uuid).await).await;
    assert_eq!(row.origin, ScreeningOrigin::Automatic);
    assert_eq!(house.vendor.count(Op::Create), 1);
}

#[tokio::test]
async fn what_the_vendor_refuses_is_called_back_as_an_error() {
    let house = House::new().await;
    house.vendor.fault(Op::Create, Fault::refusal(400, "INVALID_MESSAGE_FORMAT", "x"));
    let uuid = house.verification(1, taylor()).await;
    command(&house, uuid, Role::Originator).await;
    let row = house.ended(&called_back(&house, uuid).await).await;
    assert_eq!(row.reason.as_deref(), Some("INVALID_MESSAGE_FORMAT"));
}

/// A rule may name the moment at which a deposit is asked about: its originator is screened before we have answered.
#[tokio::test]
async fn the_originator_of_a_deposit_is_screened_when_it_is_asked_about() {
    let house = House::new().await;
    let persons = json!([natural("Barnes", "Robert", json!({}))]);
    let uuid = house.stored(1, PEER, OURS, persons, taylor()).await;
    command(&house, uuid, Role::Beneficiary).await;
    let request_id = called_back(&house, uuid).await;
    house.processed(&request_id).await;
    assert_eq!(house.asked(&house.cases(&request_id).await[0])["name"], "Robert Barnes");
    assert_eq!(
        house.ask(uuid).await.unwrap_err().code,
        "UNSUPPORTED-RISK-ASSESSMENT",
        "a request waits for our answer"
    );
}

#[tokio::test]
async fn where_nobody_is_named_nobody_is_screened() {
    let house = House::new().await;
    let nobody = house.verification(2, json!([])).await;
    command(&house, nobody, Role::Originator).await;
    assert!(house.vendor.lock().journal.is_empty());
}

/// Nobody goes unscreened because a key was forgotten.
#[tokio::test]
async fn without_a_key_it_waits_for_one() {
    let house = House::with(&[("api_key", "")], quick()).await;
    let uuid = house.verification(1, taylor()).await;
    add(&house, uuid, Role::Originator).await;
    let waiting = find(&house, uuid, |row| row.last_error.is_some()).await;
    assert_eq!(waiting.status, CommandStatus::Created);
    assert!(waiting.last_error.unwrap().contains("refinitiv.api_key"));
    assert!(house.callbacks(uuid).await.is_empty());
}
