//! Equal requests are registered, and paid for, once.

use std::time::Duration;

use serde_json::json;
use waybill_domain::Role;

use crate::house::House;
use crate::vendor::{Act, Endpoint, alert};
use crate::verification::Wish;

/// F18: two requests with one registration both have its alerts, and a callback each.
#[tokio::test]
async fn f18_equal_requests_share_a_registration_and_its_alerts() {
    let house = House::new().await;
    house
        .vendor
        .always(Endpoint::Alerts, Act::ok(json!({"alerts": [alert("a", "HIGH"), alert("b", "LOW")]})));
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let (one, two) = tokio::join!(house.register(wish.uuid), house.register(wish.uuid));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_ne!(one, two, "each request has an id of its own");
    let (first, second) = (house.until_processed(&one).await, house.until_processed(&two).await);
    assert_eq!(first.external_id, second.external_id);
    assert_eq!((first.alert_count, second.alert_count), (Some(2), Some(2)));
    assert_eq!(house.vendor.count(Endpoint::Register), 1);
    let told: Vec<_> =
        house.callbacks(wish.uuid).await.into_iter().filter_map(|told| told.request_id).collect();
    assert!(told.len() == 2 && told.contains(&one) && told.contains(&two), "{told:?}");
}

#[tokio::test]
async fn a_registration_serves_for_its_time_only() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    let first = house.register(wish.uuid).await.unwrap();
    house.clock.advance(Duration::from_secs(61));
    let second = house.register(wish.uuid).await.unwrap();
    let (first, second) = (house.until_processed(&first).await, house.until_processed(&second).await);
    assert_ne!(first.external_id, second.external_id, "a new attempt has a name of its own");
    assert_eq!(house.vendor.count(Endpoint::Register), 2);
}

#[tokio::test]
async fn other_content_is_registered_by_itself() {
    let house = House::new().await;
    let wishes = [
        Wish::of(1, Role::Originator),
        Wish {
            beneficiary: "0x2222222222222222222222222222222222222222".to_owned(),
            ..Wish::of(2, Role::Originator)
        },
        Wish { network: Some("Polygon"), ..Wish::of(3, Role::Originator) },
        Wish::of(4, Role::Originator).reported(),
        Wish::of(5, Role::Beneficiary).reported(),
    ];
    for wish in &wishes {
        house.verification(wish).await;
        house.register(wish.uuid).await.unwrap();
    }
    assert_eq!(house.vendor.count(Endpoint::Register), wishes.len());
}

/// A registration that failed serves nobody.
#[tokio::test]
async fn what_was_refused_is_asked_anew() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    house.vendor.will(Endpoint::Register, [Act::Json(400, json!({"message": "no"}))]);
    assert_eq!(house.register(wish.uuid).await.unwrap_err().message, "no");
    let id = house.register(wish.uuid).await.unwrap();
    house.until_processed(&id).await;
}

/// Many that could not be registered while the vendor was away cost one registration when it is back.
#[tokio::test]
async fn what_waited_together_is_registered_once() {
    let house = House::new().await;
    let wish = Wish::of(1, Role::Originator);
    house.verification(&wish).await;
    house.vendor.always(Endpoint::Register, Act::html(503));
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(house.register(wish.uuid).await.unwrap());
    }
    let before = house.vendor.count(Endpoint::Register);
    house.vendor.always(Endpoint::Register, Act::Usual);
    let mut shared = 0;
    for id in &ids {
        shared += usize::from(house.until_processed(id).await.shares_request.is_some());
    }
    assert_eq!(shared, 2);
    assert!(before >= 3 && house.callbacks(wish.uuid).await.len() == 3);
}
