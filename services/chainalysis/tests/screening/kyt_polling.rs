//! From the registration to the result and its callback.

use std::time::Duration;

use serde_json::json;
use waybill_domain::{AlertLevel, ExposureType, Role, ScreeningStatus, format_time};
use waybill_jobs::CallbackType;

use crate::house::House;
use crate::vendor::{Act, Endpoint, alert};
use crate::verification::Wish;

fn alerts(alerts: &[serde_json::Value]) -> Act {
    Act::ok(json!({"alerts": alerts}))
}

/// F15, F16 and acceptance 2: done in the POST, processed by the first look, and the alerts are still read.
#[tokio::test]
async fn f15_an_attempt_is_processed_by_the_first_look() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    house.vendor.always(Endpoint::Alerts, alerts(&[alert("a", "SEVERE")]));
    let id = house.register(wish.uuid).await.unwrap();
    let row = house.until_processed(&id).await;
    assert_eq!((row.usd_price.as_deref(), &*row.amount), (Some("1820.17"), "1"), "the amount is ours");
    assert_eq!((row.network.as_deref(), row.alert_count), (Some("ETHEREUM"), Some(1)));
    assert_eq!(row.output_address.as_deref(), Some("bb3fd383d1c5540e52ef0a7bcb9433375793aeaf"));
    assert_eq!(format_time(row.assessed_at.unwrap()), "2026-01-02T03:04:05.350Z");
    assert_eq!(format_time(row.timestamp.unwrap()), "2026-01-02T03:04:05.000Z");
    assert_eq!((house.vendor.count(Endpoint::Register), house.vendor.count(Endpoint::Alerts)), (1, 1));
    let callbacks = house.callbacks(wish.uuid).await;
    assert_eq!(callbacks.len(), 1);
    assert_eq!(callbacks[0].callback_type, CallbackType::ChainalysisKytResult);
    assert_eq!(callbacks[0].request_id.as_deref(), Some(&*id));
}

/// Acceptance 1: registered without a result, then asked for until there is one; the amounts are the vendor's digits.
#[tokio::test]
async fn a_transfer_is_asked_for_until_it_is_processed() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Beneficiary).reported();
    house.verification(&wish).await;
    let id = house.register(wish.uuid).await.unwrap();
    let row = house.row(&id).await;
    assert_eq!((row.status, row.alert_count, row.usd_price), (ScreeningStatus::Registered, None, None));
    assert_eq!((row.network.as_deref(), &*row.amount), (Some("ETHEREUM"), "1"));
    let row = house.until_processed(&id).await;
    assert_eq!((row.usd_price.as_deref(), &*row.amount), (Some("141.94"), "0.00150795"));
    assert_eq!(format_time(row.timestamp.unwrap()), "2026-01-02T03:03:37.000Z");
    assert_eq!(format_time(row.assessed_at.unwrap()), "2026-01-02T03:04:08.107Z");
    assert_eq!((row.alert_count, row.worker_id), (Some(0), None));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
}

/// Alerts are not read before the vendor has its result, and F21: it may not know its own id at once.
#[tokio::test]
async fn f21_a_registration_that_is_not_known_yet_is_asked_for_again() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator).reported();
    house.verification(&wish).await;
    house.vendor.will(Endpoint::Summary, [Act::Json(404, json!({}))]);
    let id = house.register(wish.uuid).await.unwrap();
    house.until(&id, "the first look", |row| row.attempts == 1 && row.worker_id.is_none()).await;
    assert_eq!(
        (house.row(&id).await.status, house.vendor.count(Endpoint::Alerts)),
        (ScreeningStatus::Checking, 0)
    );
    house.until_processed(&id).await;
}

#[tokio::test]
async fn f21_a_registration_that_stays_unknown_is_an_error() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator).reported();
    house.verification(&wish).await;
    house.vendor.always(Endpoint::Summary, Act::Json(404, json!({})));
    let id = house.register(wish.uuid).await.unwrap();
    house.until(&id, "the first look", |row| row.attempts == 1 && row.worker_id.is_none()).await;
    house.clock.advance(Duration::from_secs(301));
    assert_eq!(house.until_error(&id).await.reason.as_deref(), Some("UNKNOWN-TO-VENDOR"));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1, "an error is reported too");
}

/// F14: a transaction that is never assessed ends at its deadline.
#[tokio::test]
async fn f14_what_is_never_assessed_ends_at_the_deadline() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator).reported();
    house.verification(&wish).await;
    let id = house.register(wish.uuid).await.unwrap();
    let external_id = house.row(&id).await.external_id.unwrap();
    house.vendor.always(Endpoint::Summary, Act::ok(json!({"updatedAt": null, "externalId": external_id})));
    house.until(&id, "a look", |row| row.attempts >= 1 && row.worker_id.is_none()).await;
    house.clock.advance(Duration::from_secs(23 * 3600));
    house.until(&id, "one more look", |row| row.attempts >= 2 && row.worker_id.is_none()).await;
    assert_eq!(house.row(&id).await.status, ScreeningStatus::Checking);
    house.clock.advance(Duration::from_secs(3600));
    let row = house.until_error(&id).await;
    assert_eq!((row.reason.as_deref(), row.alert_count, row.due_at), (Some("NO-RESULT-IN-TIME"), None, None));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
}

/// F22: the answer of another registration counts for nothing.
#[tokio::test]
async fn f22_a_summary_of_another_registration_is_an_error() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator).reported();
    house.verification(&wish).await;
    let other =
        json!({"updatedAt": "2026-01-02T03:04:08Z", "externalId": "79382ac9-c7be-3fab-ad56-8c61c654e2fc"});
    house.vendor.always(Endpoint::Summary, Act::ok(other));
    let id = house.register(wish.uuid).await.unwrap();
    let row = house.until_error(&id).await;
    assert_eq!((row.reason.as_deref(), row.alert_count), (Some("ANOTHER-REGISTRATION"), None));
}

/// Acceptance 3, F13: a category is the vendor's word for its number, or an older answer's own; an unknown one is none.
#[tokio::test]
async fn f13_categories_are_joined_and_never_fail_a_result() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let mut legacy = alert("b", "MEDIUM");
    legacy["category"] = json!("high risk exchange");
    let mut unknown = alert("c", "LOW");
    unknown["categoryId"] = json!(12345);
    let mut bare = alert("d", "HIGH");
    bare["categoryId"] = json!(null);
    bare["service"] = json!(null);
    bare["exposureType"] = json!("INDIRECT");
    house.vendor.always(Endpoint::Alerts, alerts(&[alert("a", "SEVERE"), legacy, unknown, bare]));
    let id = house.register(wish.uuid).await.unwrap();
    let row = house.until_processed(&id).await;
    let stored = house.alerts(&row).await;
    let categories: Vec<_> = stored.iter().map(|alert| alert.entity_category.as_deref()).collect();
    assert_eq!(categories, [Some("sanctioned entity"), Some("high risk exchange"), None, None]);
    assert_eq!((stored[3].exposure_type, stored[3].service_name.as_deref()), (ExposureType::Indirect, None));
    assert_eq!((stored[0].alert_level, row.alert_count), (AlertLevel::Severe, Some(4)));
    assert_eq!(house.vendor.count(Endpoint::Categories), 1);
    // The list was read within the hour: an unknown number does not make us read it again.
    let again = Wish {
        beneficiary: "0x2222222222222222222222222222222222222222".to_owned(),
        ..Wish::of(2, Role::Originator)
    };
    house.verification(&again).await;
    let mut further = alert("e", "LOW");
    further["categoryId"] = json!(777);
    house.vendor.always(Endpoint::Alerts, alerts(&[further]));
    let id = house.register(again.uuid).await.unwrap();
    house.until_processed(&id).await;
    assert_eq!(house.vendor.count(Endpoint::Categories), 1);
}

#[tokio::test]
async fn without_the_list_of_categories_alerts_have_none() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    house.vendor.always(Endpoint::Categories, Act::html(200));
    house.vendor.always(Endpoint::Alerts, alerts(&[alert("a", "SEVERE")]));
    let id = house.register(wish.uuid).await.unwrap();
    let row = house.until_processed(&id).await;
    assert_eq!(house.alerts(&row).await[0].entity_category, None);
}

/// F17: alerts that move while they are read are read once more.
#[tokio::test]
async fn f17_alerts_that_move_while_they_are_read_are_read_once_more() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator).reported();
    house.verification(&wish).await;
    let id = house.register(wish.uuid).await.unwrap();
    let external_id = house.row(&id).await.external_id.unwrap();
    let at = |time: &str| Act::ok(json!({"updatedAt": time, "externalId": external_id}));
    house.vendor.will(Endpoint::Summary, [at("2026-01-02T03:04:08.1"), at("2026-01-02T03:04:09.2")]);
    house.vendor.will(Endpoint::Alerts, [alerts(&[]), alerts(&[alert("a", "LOW"), alert("b", "HIGH")])]);
    let row = house.until_processed(&id).await;
    assert_eq!(row.alert_count, Some(2));
    assert_eq!(format_time(row.assessed_at.unwrap()), "2026-01-02T03:04:09.200Z");
    assert_eq!((house.vendor.count(Endpoint::Summary), house.vendor.count(Endpoint::Alerts)), (2, 2));
}

/// The form of addresses is asked for where the settings say so.
#[tokio::test]
async fn the_form_of_addresses_is_a_setting() {
    let house = House::with(&[("WAYBILL__CHAINALYSIS__KYT_FORMAT", "display")]).await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let id = house.register(wish.uuid).await.unwrap();
    house.until_processed(&id).await;
    assert!(house.vendor.heard(Endpoint::Summary)[0].path.ends_with("?formatType=display"));
}
