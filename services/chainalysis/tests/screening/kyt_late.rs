//! Alerts that come after the result.

use serde_json::{Value, json};
use waybill_domain::{Role, ScreeningStatus};

use crate::house::House;
use crate::vendor::{Act, Endpoint, alert};
use crate::verification::Wish;

const SOON: &[(&str, &str)] = &[("WAYBILL__CHAINALYSIS__KYT_LATE_CHECKS", "300ms,600ms")];

fn alerts(alerts: &[Value]) -> Act {
    Act::ok(json!({"alerts": alerts}))
}

async fn processed(house: &House) -> (Wish, String) {
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let id = house.register(wish.uuid).await.unwrap();
    house.until_processed(&id).await;
    (wish, id)
}

/// F17: first none, later two, with a moved time: another callback, no row twice.
#[tokio::test]
async fn f17_late_alerts_are_stored_and_reported() {
    let house = House::with(SOON).await;
    house.vendor.will(Endpoint::Alerts, [alerts(&[])]);
    house
        .vendor
        .always(Endpoint::Alerts, alerts(&[alert("a", "HIGH"), alert("b", "LOW"), alert("a", "HIGH")]));
    let (wish, id) = processed(&house).await;
    let row = house.until(&id, "the alerts are noticed", |row| row.alert_count == Some(2)).await;
    assert_eq!(row.status, ScreeningStatus::Processed);
    assert_eq!(house.alerts(&row).await.len(), 2);
    let row = house.until(&id, "both looks are made", |row| row.late_checks == 2).await;
    assert_eq!((row.alert_count, row.due_at), (Some(2), None));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 2, "one for the result, one for what came later");
}

#[tokio::test]
async fn nothing_new_is_not_reported() {
    let house = House::with(SOON).await;
    house.vendor.always(Endpoint::Alerts, alerts(&[alert("a", "HIGH")]));
    let (wish, id) = processed(&house).await;
    let before = house.row(&id).await.updated_at;
    house.clock.advance(std::time::Duration::from_secs(60));
    let row = house.until(&id, "both looks are made", |row| row.late_checks == 2).await;
    assert_eq!((row.alert_count, row.updated_at), (Some(1), before));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
}

#[tokio::test]
async fn a_graver_level_is_reported() {
    let house = House::with(SOON).await;
    house.vendor.will(Endpoint::Alerts, [alerts(&[alert("a", "LOW")])]);
    house.vendor.always(Endpoint::Alerts, alerts(&[alert("a", "SEVERE")]));
    let (wish, id) = processed(&house).await;
    let row = house.until(&id, "both looks are made", |row| row.late_checks == 2).await;
    assert_eq!(house.alerts(&row).await[0].alert_level.as_str(), "SEVERE");
    assert_eq!(house.callbacks(wish.uuid).await.len(), 2);
}

/// A result that is there stays, whatever the vendor says later.
#[tokio::test]
async fn a_later_failure_takes_nothing_back() {
    let house = House::with(SOON).await;
    let partial = json!({"externalId": "x"});
    house.vendor.will(Endpoint::Alerts, [alerts(&[alert("a", "LOW")]), Act::html(503), alerts(&[partial])]);
    house.vendor.always(Endpoint::Alerts, alerts(&[alert("a", "LOW")]));
    let (wish, id) = processed(&house).await;
    let row = house.until(&id, "both looks are made", |row| row.late_checks == 2).await;
    assert_eq!((row.status, row.alert_count, row.reason), (ScreeningStatus::Processed, Some(1), None));
    assert_eq!(house.callbacks(wish.uuid).await.len(), 1);
}
