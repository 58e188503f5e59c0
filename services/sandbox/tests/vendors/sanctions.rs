//! The Sanctions API.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use waybill_sandbox::VendorLimits;

use crate::play::{CLEAN, Play, SANCTION_KEY, SEEDS_ADDRESS, magic, sanction_request};

#[tokio::test]
async fn an_address_is_clean_or_not() {
    let play = Play::new();
    for clean in [CLEAN, SEEDS_ADDRESS, "anything", "a%2Fb%3F%ea%b9%80", &magic("c03")] {
        let answer = play.sanctions(clean).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"identifications": []})), "{clean}");
    }
    for address in
        ["0x1da5821544e25c636c1417ba96ade4cf6d2f9b5a", "0x1DA5821544E25C636C1417BA96ADE4CF6D2F9B5A"]
    {
        let found = play.sanctions(address).await.json();
        let found = found["identifications"].as_array().unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["category"], "sanctions");
        let name = found[0]["name"].as_str().unwrap();
        assert!(
            name.starts_with("SANCTIONS: OFAC SDN ")
                && name.ends_with(" 1da5821544e25c636c1417ba96ade4cf6d2f9b5a")
        );
        assert!(found[0]["description"].as_str().unwrap().contains("\n\n"));
        assert!(found[0]["url"].as_str().unwrap().starts_with("https://"));
    }
}

#[tokio::test]
async fn every_row_for_sanctions_says_what_it_should() {
    let play = Play::new();
    let of = async |tag: &str| play.sanctions(&magic(tag)).await.json()["identifications"].clone();
    assert_eq!(of("d01").await[0]["category"], "sanctions");
    assert_eq!(of("c04").await, play.sanctions(&magic("c04")[2..]).await.json()["identifications"]);
    assert_eq!(of("c04").await[0]["category"], "sanctions");
    let other = of("d02").await;
    assert_eq!((&other[0]["category"], &other[0]["url"]), (&json!("special measures"), &Value::Null));
    let bare = json!([{"category": "sanctions", "name": null, "description": null, "url": null}]);
    assert_eq!(of("d03").await, bare);
    let two = of("d04").await;
    let categories: Vec<_> = two.as_array().unwrap().iter().map(|one| &one["category"]).collect();
    assert_eq!(categories, ["special measures", "sanctions"]);
    let long = of("d05").await;
    for (field, width) in [("name", 1_024), ("description", 4_096), ("url", 1_024)] {
        assert!(long[0][field].as_str().unwrap().chars().count() > width, "{field}");
    }
}

#[tokio::test]
async fn keys_methods_and_paths_are_checked() {
    let play = Play::new();
    let path = format!("/vendors/chainalysis-sanction/api/v1/address/{CLEAN}");
    let without = play.send(Request::get(&path).body(Body::empty()).unwrap()).await;
    assert_eq!(
        (without.status.as_u16(), &without.headers["content-type"]),
        (403, &"text/html".parse().unwrap())
    );
    assert!(without.text().contains("<html>"));
    let wrong = Request::get(&path).header("x-api-key", "wrong").body(Body::empty()).unwrap();
    let wrong = play.send(wrong).await;
    assert_eq!((wrong.status.as_u16(), wrong.json()), (401, json!({"message": "Invalid API Key"})));
    for (method, path, accept, status) in [
        ("GET", "/vendors/chainalysis-sanction/api/v2/address/x", "*/*", 404),
        ("GET", "/vendors/chainalysis-sanction/api/v1/address", "*/*", 404),
        ("GET", "/vendors/chainalysis-sanction/api/v1/address/a/b", "*/*", 404),
        ("POST", &path, "*/*", 405),
        ("GET", &path, "text/html", 406),
        ("GET", &path, "application/json", 200),
    ] {
        let request = Request::builder().method(method).uri(path).header("accept", accept);
        let request = request.header("x-api-key", SANCTION_KEY).body(Body::empty()).unwrap();
        assert_eq!(play.send(request).await.status, status, "{method} {path} {accept}");
    }
}

#[tokio::test]
async fn five_minutes_hold_so_many_requests() {
    let play = Play::with(VendorLimits { sanction_per_five_minutes: Some(3), ..VendorLimits::none() });
    for _ in 0..3 {
        assert_eq!(play.sanctions(CLEAN).await.status, 200);
    }
    assert_eq!(play.send(sanction_request(CLEAN)).await.status, 429);
    play.wait(299_999);
    assert_eq!(play.sanctions(CLEAN).await.status, 429);
    play.wait(1);
    assert_eq!(play.sanctions(CLEAN).await.status, 200);
}
