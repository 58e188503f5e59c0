//! What KYT refuses, and how.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use waybill_sandbox::VendorLimits;

use crate::common::Answer;
use crate::play::{CLEAN, KYT_KEY, Play, attempt, transfer};

const TRANSFERS: &str = "/v2/users/42/transfers";
const ATTEMPTS: &str = "/v2/users/42/withdrawal-attempts";

#[track_caller]
fn check(answer: &Answer, status: u16, error: &str, message: Option<&str>) {
    let body = answer.json();
    assert_eq!((answer.status.as_u16(), &body["status"]), (status, &json!(status)), "{body}");
    assert_eq!((&body["error"], body["message"].as_str()), (&json!(error), message), "{body}");
    assert!(body["path"].as_str().unwrap().starts_with("/vendors/chainalysis-kyt/v2/"), "{body}");
    assert_eq!(body["timestamp"], "2023-05-18T12:39:45.263+00:00");
}

#[tokio::test]
async fn without_the_right_token_there_is_nothing() {
    let play = Play::new();
    for token in [None, Some(""), Some("kyt-key-5d1"), Some("Bearer kyt-key-5d1f")] {
        let path = "/vendors/chainalysis-kyt/v2/categories";
        let request = Request::get(path);
        let request = match token {
            Some(token) => request.header("token", token),
            None => request,
        };
        let answer = play.send(request.body(Body::empty()).unwrap()).await;
        check(&answer, 403, "Forbidden", Some("AccessDenied"));
    }
}

#[tokio::test]
async fn a_registration_must_be_right() {
    let play = Play::new();
    let changes: [(&str, Value, &str); 16] = [
        (TRANSFERS, json!({"network": null}), "network is required"),
        (TRANSFERS, json!({"network": "Etherium"}), "network is not supported"),
        (TRANSFERS, json!({"asset": ""}), "asset is required"),
        (TRANSFERS, json!({"asset": "A B"}), "asset is not supported"),
        (TRANSFERS, json!({"direction": "outgoing"}), "direction must be sent or received"),
        (TRANSFERS, json!({"transferReference": "0xabc"}), "transferReference is invalid"),
        (TRANSFERS, json!({"transferReference": ":0xabc"}), "transferReference is invalid"),
        (TRANSFERS, json!({"assetAmount": "much"}), "assetAmount must be a number"),
        (TRANSFERS, json!({"transferTimestamp": "now"}), "transferTimestamp must be a time"),
        (TRANSFERS, json!({"asset": 7}), "JSON parse error"),
        (ATTEMPTS, json!({"address": null}), "address is required"),
        (ATTEMPTS, json!({"attemptIdentifier": null}), "attemptIdentifier is required"),
        (ATTEMPTS, json!({"assetAmount": null}), "assetAmount is required"),
        (ATTEMPTS, json!({"assetAmount": -1}), "assetAmount must be a number"),
        (ATTEMPTS, json!({"attemptTimestamp": null}), "attemptTimestamp is required"),
        (ATTEMPTS, json!({"network": "Mars"}), "network is not supported"),
    ];
    for (path, change, message) in changes {
        let mut body = if path == TRANSFERS { transfer(CLEAN) } else { attempt(CLEAN) };
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        check(&play.kyt_post(path, &body).await, 400, "Bad Request", Some(message));
    }
    for time in ["2025-01-11T05:20:40.008307", "2025-01-11T05:20:40.008307+00:00", "2025-01-11T05:20:40Z"] {
        let mut body = attempt(CLEAN);
        body["attemptTimestamp"] = json!(time);
        assert_eq!(play.kyt_post(ATTEMPTS, &body).await.status, 202, "{time}");
    }
    let mut body = transfer(CLEAN);
    body["direction"] = json!("RECEIVED");
    assert_eq!(play.kyt_post(TRANSFERS, &body).await.status, 202);
}

#[tokio::test]
async fn unknown_ids_paths_methods_and_types_are_refused() {
    let play = Play::new();
    let id = play.transfer(CLEAN).await;
    for path in [
        "/v2/transfers/9a78cde9-890c-3563-8000-000000000000".to_owned(),
        format!("/v2/withdrawal-attempts/{id}"),
        format!("/v2/withdrawal-attempts/{id}/alerts"),
    ] {
        check(&play.kyt_get(&path).await, 404, "Not Found", Some("The external id is unknown"));
    }
    check(&play.kyt_get(&format!("/v2/transfers/{id}/high-risk-addresses")).await, 404, "Not Found", None);
    let gone = play.kyt_get("/v3/transfers").await;
    assert_eq!((gone.status.as_u16(), &*gone.text()), (410, "Use reactor.chainalysis.com instead"));
    assert_eq!(gone.headers["content-type"], "text/plain");
    let unsupported = Some("Request method is not supported");
    check(&play.kyt_get(TRANSFERS).await, 405, "Method Not Allowed", unsupported);
    check(&play.kyt_post("/v2/categories", &json!({})).await, 405, "Method Not Allowed", unsupported);
    let form = Request::post("/vendors/chainalysis-kyt/v2/users/42/transfers").header("token", KYT_KEY);
    let form = form.header("content-type", "text/plain").body(Body::from(transfer(CLEAN).to_string()));
    let answer = play.send(form.unwrap()).await;
    check(&answer, 415, "Unsupported Media Type", Some("Content-Type must be application/json"));
    let torn = Play::kyt_request(&Method::POST, TRANSFERS, Some(&json!("torn")));
    check(&play.send(torn).await, 400, "Bad Request", Some("JSON parse error"));
}

#[tokio::test]
async fn more_than_the_limit_is_throttled() {
    let play = Play::with(VendorLimits { kyt_per_second: Some(2), ..VendorLimits::none() });
    assert_eq!(play.kyt_get("/v2/categories").await.status, 200);
    assert_eq!(play.kyt_get("/v2/categories").await.status, 200);
    let refused = play.kyt_get("/v2/categories").await;
    check(&refused, 429, "Too Many Requests", None);
    assert!(!refused.headers.contains_key("retry-after"));
    play.wait(1_000);
    assert_eq!(play.kyt_get("/v2/categories").await.status, 200);
    play.set("chainalysis-kyt", json!({"requests": 0})).await;
    for _ in 0..50 {
        assert_eq!(play.kyt_get("/v2/categories").await.status, 200);
    }
    let counts = play.fixture.get("/vendors/chainalysis-kyt/answers").await.json();
    assert_eq!(counts, json!({"200": 53, "429": 1}));
}
