//! Screening that nobody asks for: commands in, callbacks out.

use std::time::Duration;

use serde_json::json;
use waybill_domain::{Role, SanctionStatus, ScreeningOrigin};
use waybill_jobs::{CallbackType, Command as _, ScreenAddress, ScreenTransfer};
use waybill_store::tables::commands::CommandStatus;
use waybill_testkit::eventually;

use crate::house::{House, PATIENCE};
use crate::vendor::{Act, Endpoint};
use crate::verification::{OURS, Wish};

async fn ended(house: &House, kind: &str, wish: &Wish) -> CommandStatus {
    eventually("the command ends", PATIENCE, async || {
        let command = house.commands(kind, wish.uuid).await.pop()?;
        matches!(command.status, CommandStatus::Done | CommandStatus::Error).then_some(command.status)
    })
    .await
}

#[tokio::test]
async fn an_address_is_looked_up_and_reported() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Beneficiary);
    house.verification(&wish).await;
    let command = ScreenAddress { verification_uuid: wish.uuid, role: Role::Beneficiary };
    house.vendor.will(Endpoint::Sanction, [Act::ok(json!({}))]); // no answer: it is asked again
    house.command(wish.uuid, &command).await;
    assert_eq!(ended(&house, ScreenAddress::KIND, &wish).await, CommandStatus::Done);
    let callback = house.callbacks(wish.uuid).await.remove(0);
    assert_eq!(callback.callback_type, CallbackType::ChainalysisSanctionResult);
    let row = house.sanction_row(&callback.request_id.unwrap()).await.unwrap();
    assert_eq!((row.status, row.origin), (SanctionStatus::NoHit, ScreeningOrigin::Automatic));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
}

#[tokio::test]
async fn a_look_up_ends_as_an_error_where_the_settings_say_so() {
    let house = House::with(&[("WAYBILL__CHAINALYSIS__SANCTION_ERROR_AFTER", "1h")]).await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    house.vendor.always(Endpoint::Sanction, Act::html(503));
    house.command(wish.uuid, &ScreenAddress { verification_uuid: wish.uuid, role: Role::Originator }).await;
    eventually("it was tried", PATIENCE, async || {
        (house.vendor.count(Endpoint::Sanction) >= 1).then_some(())
    })
    .await;
    assert_eq!(house.callbacks(wish.uuid).await.len(), 0);
    house.clock.advance(Duration::from_secs(3601));
    assert_eq!(ended(&house, ScreenAddress::KIND, &wish).await, CommandStatus::Done);
    let callback = house.callbacks(wish.uuid).await.remove(0);
    let row = house.sanction_row(&callback.request_id.unwrap()).await.unwrap();
    assert_eq!(row.status, SanctionStatus::Error);
}

#[tokio::test]
async fn a_transaction_is_registered_by_the_poller_and_reported() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator).reported();
    house.verification(&wish).await;
    house.vendor.will(Endpoint::Register, [Act::html(503)]);
    house.command(wish.uuid, &ScreenTransfer { verification_uuid: wish.uuid, role: Role::Originator }).await;
    let callback =
        eventually("the callback", PATIENCE, async || house.callbacks(wish.uuid).await.pop()).await;
    let row = house.until_processed(&callback.request_id.unwrap()).await;
    assert_eq!(row.origin, ScreeningOrigin::Automatic);
}

/// A refusal has nobody to pass through to: it is reported.
#[tokio::test]
async fn a_refused_transaction_is_reported() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator).reported();
    house.verification(&wish).await;
    house.vendor.always(Endpoint::Register, Act::Json(400, json!({"message": "no"})));
    house.command(wish.uuid, &ScreenTransfer { verification_uuid: wish.uuid, role: Role::Originator }).await;
    let callback =
        eventually("the callback", PATIENCE, async || house.callbacks(wish.uuid).await.pop()).await;
    let row = house.until_error(&callback.request_id.unwrap()).await;
    assert_eq!((row.reason.as_deref(), row.due_at), (Some("BAD-REQUEST"), None));
}

/// Both roles of one row are screened, each by its own command.
#[tokio::test]
async fn both_roles_of_a_vasp_that_is_its_own_counterparty() {
    let house = House::new().await;
    let wish = Wish { peer: OURS, ..Wish::of(1, Role::Originator) }.reported();
    house.verification(&wish).await;
    for role in Role::ALL {
        house.command(wish.uuid, &ScreenTransfer { verification_uuid: wish.uuid, role: *role }).await;
    }
    eventually("both callbacks", PATIENCE, async || {
        (house.callbacks(wish.uuid).await.len() == 2).then_some(())
    })
    .await;
    let words: Vec<_> = house
        .vendor
        .heard(Endpoint::Register)
        .into_iter()
        .map(|heard| heard.body["direction"].to_string())
        .collect();
    assert!(
        words.contains(&"\"sent\"".to_owned()) && words.contains(&"\"received\"".to_owned()),
        "{words:?}"
    );
}

/// Rules may name the moment of creation: then there is no result yet.
#[tokio::test]
async fn a_verification_is_screened_when_it_is_created() {
    let house = House::new().await;
    let wish = Wish { is_waiting: true, ..Wish::of(1, Role::Originator) };
    house.verification(&wish).await;
    house.command(wish.uuid, &ScreenTransfer { verification_uuid: wish.uuid, role: Role::Originator }).await;
    house.command(wish.uuid, &ScreenAddress { verification_uuid: wish.uuid, role: Role::Originator }).await;
    eventually("both callbacks", PATIENCE, async || {
        (house.callbacks(wish.uuid).await.len() == 2).then_some(())
    })
    .await;
    assert!(house.vendor.heard(Endpoint::Register)[0].path.ends_with("/withdrawal-attempts"));
}

/// What cannot be screened is said in the log, and keeps nobody busy.
#[tokio::test]
async fn what_cannot_be_screened_is_done() {
    let house = House::new().await;
    let early = Wish::of(1, Role::Beneficiary);
    house.verification(&early).await;
    let command = ScreenTransfer { verification_uuid: early.uuid, role: Role::Beneficiary };
    house.command(early.uuid, &command).await;
    assert_eq!(ended(&house, ScreenTransfer::KIND, &early).await, CommandStatus::Done);
    assert_eq!(house.vendor.count(Endpoint::Register), 0);
    assert_eq!(house.callbacks(early.uuid).await.len(), 0);
}

/// Nothing goes unscreened because a key was forgotten.
#[tokio::test]
async fn without_a_key_it_waits_for_one() {
    let house = House::with(&[
        ("WAYBILL__CHAINALYSIS__KYT_API_KEY", ""),
        ("WAYBILL__CHAINALYSIS__SANCTION_API_KEY", ""),
    ])
    .await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let uuid = wish.uuid;
    house.command(uuid, &ScreenTransfer { verification_uuid: uuid, role: Role::Originator }).await;
    house.command(uuid, &ScreenAddress { verification_uuid: uuid, role: Role::Originator }).await;
    for (kind, setting) in [
        (ScreenTransfer::KIND, "chainalysis.kyt_api_key"),
        (ScreenAddress::KIND, "chainalysis.sanction_api_key"),
    ] {
        let waiting = eventually("the command was tried", PATIENCE, async || {
            house.commands(kind, uuid).await.pop().filter(|command| command.last_error.is_some())
        });
        let waiting = waiting.await;
        assert_eq!(waiting.status, CommandStatus::Created);
        assert!(waiting.last_error.unwrap().contains(setting));
    }
}
