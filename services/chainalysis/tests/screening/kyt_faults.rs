//! Each failure of the KYT API while results are fetched: the row waits, or ends as an error, and never as clean.

use std::time::Duration;

use serde_json::{Value, json};
use waybill_domain::{AlertLevel, Role, ScreeningStatus};
use waybill_testkit::{TestFolder, eventually};

use crate::house::{House, PATIENCE};
use crate::vendor::{Act, Endpoint, alert, refusal};
use crate::verification::Wish;

const QUICK: (&str, &str) = ("WAYBILL__CHAINALYSIS__KYT_TIMEOUT", "500ms");

async fn registered(house: &House) -> (Wish, String) {
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let id = house.register(wish.uuid).await.unwrap();
    (wish, id)
}

fn with(field: &str, value: Value) -> Value {
    let mut alert = alert("a", "LOW");
    alert[field] = value;
    alert
}

/// F1, F3, F5, F10, F28, F32: what is no answer is asked for again, at every step, and no step reads it as "no alerts".
#[tokio::test]
async fn f5_f10_what_is_no_answer_is_asked_for_again() {
    let json = |body: &str| Act::Text(200, "application/json", body.to_owned());
    let acts = [
        Act::html(200),
        Act::Text(200, "text/plain", r#"{"alerts":[]}"#.to_owned()),
        json(""),
        json("null"),
        json("[]"),
        json("{}"),
        json(r#"{"alerts":null}"#),
        json(r#"{"alerts":{}}"#),
        json(r#"{"alerts":["#),
        json(r#"{"alerts":[null]}"#),
        json("\u{feff}{\"alerts\":[]}"),
        Act::Json(500, json!({"alerts": []})),
        Act::html(503),
        Act::Hang,
        Act::Drip,
        Act::With("location", "https://elsewhere.example/", Box::new(Act::Json(302, json!({"alerts": []})))),
    ];
    let mut checks = Vec::new();
    for act in acts {
        for endpoint in [Endpoint::Summary, Endpoint::Alerts] {
            checks.push(asked_again(endpoint, act.clone()));
        }
    }
    futures_util::future::join_all(checks).await;
}

async fn asked_again(endpoint: Endpoint, act: Act) {
    let house = House::with(&[QUICK]).await;
    house.vendor.will(endpoint, [act]);
    house.vendor.always(Endpoint::Alerts, Act::ok(json!({"alerts": [alert("a", "SEVERE")]})));
    let (wish, id) = registered(&house).await;
    let row = house.until_processed(&id).await;
    assert_eq!((row.alert_count, row.failing_since), (Some(1), None));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
}

/// F12: an unknown severity must not be lost, nor an unknown kind of exposure.
#[tokio::test]
async fn f12_unknown_values_end_as_an_error() {
    for (field, value, reason) in [
        ("alertLevel", "CRITICAL", "UNKNOWN-ALERT-LEVEL"),
        ("exposureType", "CLUSTER", "UNKNOWN-EXPOSURE-TYPE"),
    ] {
        let house = House::new().await;
        let known = alert("b", "SEVERE");
        house.vendor.always(Endpoint::Alerts, Act::ok(json!({"alerts": [known, with(field, json!(value))]})));
        let (wish, id) = registered(&house).await;
        let row = house.until_error(&id).await;
        assert_eq!((row.reason.as_deref(), row.alert_count), (Some(reason), None));
        assert_eq!(house.alerts(&row).await, [], "nothing is half stored");
        assert_eq!(house.callbacks(wish.uuid).await.len(), 1, "an error is reported too");
    }
}

/// F18: the same object twice is one alert.
#[tokio::test]
async fn f18_duplicates_in_one_answer_count_once() {
    let house = House::new().await;
    let twice = json!({"alerts": [alert("a", "LOW"), alert("b", "HIGH"), alert("a", "LOW")]});
    house.vendor.always(Endpoint::Alerts, Act::ok(twice));
    let (_, id) = registered(&house).await;
    let row = house.until_processed(&id).await;
    assert_eq!((row.alert_count, house.alerts(&row).await.len()), (Some(2), 2));
}

/// F18: an alert that the vendor gives to two registrations belongs to both.
#[tokio::test]
async fn f18_an_alert_of_two_registrations_counts_for_both() {
    let house = House::new().await;
    house.vendor.always(Endpoint::Alerts, Act::ok(json!({"alerts": [alert("a", "SEVERE")]})));
    let (_, id) = registered(&house).await;
    let first = house.until_processed(&id).await;
    let other = Wish {
        beneficiary: "0x2222222222222222222222222222222222222222".to_owned(),
        ..Wish::of(2, Role::Originator)
    };
    house.verification(&other).await;
    let both = json!({"alerts": [alert("b", "LOW"), alert("a", "SEVERE")]});
    house.vendor.always(Endpoint::Alerts, Act::ok(both));
    let id = house.register(other.uuid).await.unwrap();
    let second = house.until_processed(&id).await;
    assert_ne!(first.external_id, second.external_id);
    assert_eq!((second.alert_count, house.alerts(&second).await.len()), (Some(2), 2));
    assert_eq!((first.alert_count, house.alerts(&first).await.len()), (Some(1), 1));
}

/// F19: an alert without a value that it needs makes the whole result an error.
#[tokio::test]
async fn f19_partial_alerts_end_as_an_error() {
    for field in ["alertAmount", "exposureType", "alertLevel", "externalId"] {
        let house = House::new().await;
        let alerts = json!({"alerts": [alert("b", "SEVERE"), with(field, Value::Null)]});
        house.vendor.always(Endpoint::Alerts, Act::ok(alerts));
        let (_, id) = registered(&house).await;
        let row = house.until_error(&id).await;
        assert_eq!(row.reason.as_deref(), Some("INCOMPLETE-ALERT"), "{field}");
        assert_eq!(house.alerts(&row).await, []);
    }
}

/// F20: decimal text, no exponent, no loss.
#[tokio::test]
async fn f20_amounts_keep_their_digits() {
    let house = House::new().await;
    let text = |id: &str, amount: &str| alert(id, "LOW").to_string().replace("9544.15", amount);
    let body = format!(
        r#"{{"alerts":[{},{},{},{}]}}"#,
        text("a", "1e21"),
        text("b", "0.00000001"),
        text("c", "1820.170"),
        text("d", "1820")
    );
    house.vendor.always(Endpoint::Alerts, Act::Text(200, "application/json", body));
    let (_, id) = registered(&house).await;
    let row = house.until_processed(&id).await;
    let amounts: Vec<_> = house.alerts(&row).await.into_iter().map(|alert| alert.alert_amount).collect();
    assert_eq!(amounts, ["1000000000000000000000", "0.00000001", "1820.170", "1820"]);
}

/// F27: names longer than their columns are cut on the border of a character.
#[tokio::test]
async fn f27_long_names_are_cut() {
    let house = House::new().await;
    let long = "🦀".repeat(300);
    let mut alert = with("service", json!(long));
    alert["category"] = json!(long);
    house.vendor.always(Endpoint::Alerts, Act::ok(json!({"alerts": [alert]})));
    let (_, id) = registered(&house).await;
    let row = house.until_processed(&id).await;
    let alert = house.alerts(&row).await.remove(0);
    assert_eq!(alert.service_name.unwrap().chars().count(), 256);
    assert_eq!(alert.entity_category.unwrap().chars().count(), 256);
}

/// F6: a key that is refused while results are fetched ends nothing, and nobody hammers with it.
#[tokio::test]
async fn f6_a_refused_key_keeps_the_rows_and_is_tried_now_and_then() {
    let house = House::new().await;
    house.vendor.always(Endpoint::Summary, Act::Json(403, refusal(403, "AccessDenied")));
    let (wish, id) = registered(&house).await;
    let row = house.until(&id, "a look", |row| row.attempts >= 1 && row.worker_id.is_none()).await;
    assert_eq!((row.status, row.alert_count), (ScreeningStatus::Checking, None));
    assert!(row.failing_since.is_some() && row.due_at.is_some());
    assert_eq!((house.vendor.count(Endpoint::Summary), house.vendor.count(Endpoint::Alerts)), (1, 0));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 0);
}

/// F6, with a policy: past the time that the settings name, it ends as an error.
#[tokio::test]
async fn f6_a_refused_key_ends_as_an_error_where_the_settings_say_so() {
    let house = House::with(&[("WAYBILL__CHAINALYSIS__KYT_ERROR_AFTER", "0s")]).await;
    house.vendor.always(Endpoint::Summary, Act::Json(403, refusal(403, "AccessDenied")));
    let (_, id) = registered(&house).await;
    assert_eq!(house.until_error(&id).await.reason.as_deref(), Some("VENDOR-DENIED"));
}

/// Hold: however long the vendor is away, and the time that it was away counts for no deadline.
#[tokio::test]
async fn an_outage_is_waited_for() {
    let house = House::new().await;
    house.vendor.always(Endpoint::Summary, Act::html(503));
    let (wish, id) = registered(&house).await;
    house.until(&id, "a look", |row| row.failing_since.is_some() && row.worker_id.is_none()).await;
    house.clock.advance(Duration::from_secs(90 * 24 * 3600));
    let looks = house.row(&id).await.attempts;
    house.until(&id, "one more look", |row| row.attempts > looks && row.worker_id.is_none()).await;
    assert_eq!(house.row(&id).await.status, ScreeningStatus::Checking);
    let external_id = house.row(&id).await.external_id.unwrap();
    house.vendor.will(Endpoint::Summary, [Act::ok(json!({"updatedAt": null, "externalId": external_id}))]);
    house.vendor.always(Endpoint::Summary, Act::Usual);
    house.until_processed(&id).await;
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
}

/// Error after N: reported, and never as clean.
#[tokio::test]
async fn an_outage_ends_as_an_error_where_the_settings_say_so() {
    let house = House::with(&[("WAYBILL__CHAINALYSIS__KYT_ERROR_AFTER", "1h")]).await;
    house.vendor.always(Endpoint::Summary, Act::html(503));
    let (wish, id) = registered(&house).await;
    house.until(&id, "a look", |row| row.failing_since.is_some() && row.worker_id.is_none()).await;
    assert_eq!(house.row(&id).await.status, ScreeningStatus::Checking);
    house.clock.advance(Duration::from_secs(3601));
    let row = house.until_error(&id).await;
    assert_eq!((row.reason.as_deref(), row.alert_count), (Some("VENDOR-UNAVAILABLE"), None));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
}

/// F4: throttled, the row waits as long as the vendor asks.
#[tokio::test]
async fn f4_a_throttled_row_waits() {
    let house = House::new().await;
    house
        .vendor
        .will(Endpoint::Summary, [Act::With("retry-after", "2", Box::new(Act::Json(429, json!({}))))]);
    let (_, id) = registered(&house).await;
    let begun = tokio::time::Instant::now();
    house.until_processed(&id).await;
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(house.vendor.count(Endpoint::Register), 1);
}

/// F33: a key that stands in a file is replaced while the service runs: rows that wait go on with it.
#[tokio::test]
async fn f33_a_key_in_a_file_is_replaced_without_a_restart() {
    let folder = TestFolder::new();
    let file = folder.write("kyt-key", "first-key");
    let house = House::with(&[
        ("WAYBILL__CHAINALYSIS__KYT_API_KEY", ""),
        ("WAYBILL__CHAINALYSIS__KYT_API_KEY_FILE", file.to_str().unwrap()),
    ])
    .await;
    house.vendor.always(Endpoint::Register, Act::html(503));
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let id = house.register(wish.uuid).await.unwrap();
    let old = house.row(&id).await;
    assert_eq!(old.status, ScreeningStatus::Registered);
    std::fs::write(&file, "second-key").unwrap();
    let used = async || {
        let heard = house.vendor.heard(Endpoint::Register).pop().unwrap();
        (heard.headers["token"] == "second-key").then_some(())
    };
    eventually("the poller uses the new key", PATIENCE, used).await;
    house.vendor.always(Endpoint::Register, Act::Usual);
    house.until_processed(&id).await;
    assert_ne!(house.row(&id).await.key_id, old.key_id, "the row names the key that was used");
}

/// F33: rows that wait go on with the new key after a restart.
#[tokio::test]
async fn f33_a_new_key_goes_on_with_waiting_rows() {
    let house = House::new().await;
    house.vendor.always(Endpoint::Summary, Act::Json(403, refusal(403, "AccessDenied")));
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    house.vendor.will(Endpoint::Register, [Act::html(503)]);
    let id = house.register(wish.uuid).await.unwrap();
    let old = house.row(&id).await;
    assert_eq!(old.status, ScreeningStatus::Registered);
    let house = house.restarted(&[("WAYBILL__CHAINALYSIS__KYT_API_KEY", "another-key")]).await;
    house.vendor.always(Endpoint::Summary, Act::Usual);
    house.until_processed(&id).await;
    assert_eq!(house.vendor.heard(Endpoint::Register).pop().unwrap().headers["token"], "another-key");
    assert_ne!(house.row(&id).await.key_id, old.key_id, "the row names the key that was used");
}

/// F12, F18: of two spellings of one alert the graver one is kept.
#[tokio::test]
async fn the_graver_of_two_spellings_is_kept() {
    let house = House::new().await;
    house
        .vendor
        .always(Endpoint::Alerts, Act::ok(json!({"alerts": [alert("a", "LOW"), alert("a", "severe")]})));
    let (_, id) = registered(&house).await;
    let row = house.until_processed(&id).await;
    assert_eq!(house.alerts(&row).await[0].alert_level, AlertLevel::Severe);
}
