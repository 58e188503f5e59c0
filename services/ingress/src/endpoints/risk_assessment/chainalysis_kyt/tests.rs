use std::time::Duration;

use serde_json::json;
use waybill_domain::{Fault, codes};
use waybill_jobs::RegisterKyt;
use waybill_openapi::types::example_uuid;

use crate::endpoints::risk_assessment::testing::{REQUEST, Service};
use crate::testing::Api;

const PATH: &str = "/v1/risk-assessment/chainalysis-kyt";

#[tokio::test]
async fn it_is_registered_and_named() {
    let api = Api::start().await;
    let asked = Service::<RegisterKyt>::serve_one(&api);
    for (body, network) in [
        (json!({ "verificationUuid": example_uuid(), "network": "Ethereum" }), Some("Ethereum")),
        (json!({ "verificationUuid": example_uuid(), "network": "" }), None),
        (json!({ "verificationUuid": example_uuid(), "network": null }), None),
        (json!({ "verificationUuid": example_uuid() }), None),
    ] {
        let answer = api.post(PATH, &body).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "requestId": REQUEST })));
        let asked = asked.lock().unwrap().pop().unwrap();
        assert_eq!(asked.network.as_deref(), network);
        assert_eq!((asked.verification_uuid, asked.repeatable), (example_uuid(), None));
    }
}

#[tokio::test]
async fn the_service_is_told_how_the_request_may_be_repeated() {
    let api = Api::start().await;
    let asked = Service::<RegisterKyt>::serve_one(&api);
    let (one, other) = (
        json!({ "verificationUuid": example_uuid() }),
        json!({ "verificationUuid": example_uuid(), "network": "Tron" }),
    );
    for body in [&one, &one, &other] {
        assert_eq!(api.post_with(PATH, &[("idempotency-key", "withdrawal-1")], body).await.status, 200);
    }
    let kept: Vec<_> = asked.lock().unwrap().iter().map(|asked| asked.repeatable.clone().unwrap()).collect();
    assert_eq!(kept[0], kept[1]);
    assert_eq!((&*kept[0].key, &*kept[0].scope), ("withdrawal-1", &*format!("anonymous POST {PATH}")));
    assert_ne!(kept[0].digest, kept[2].digest);
    assert!(!kept[0].digest.contains("verificationUuid"));
}

#[tokio::test]
async fn a_key_that_names_nothing_is_refused() {
    let api = Api::start().await;
    let asked = Service::<RegisterKyt>::serve_one(&api);
    let body = json!({ "verificationUuid": example_uuid() });
    for bad in [&*"x".repeat(256), ""] {
        let answer = api.post_with(PATH, &[("idempotency-key", bad)], &body).await;
        answer.refuses(400, "INVALID-IDEMPOTENCY-KEY");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    api.post_with(PATH, &twice, &body).await.refuses(400, "INVALID-IDEMPOTENCY-KEY");
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn refusals_are_those_of_the_interface() {
    let api = Api::start().await;
    let body = json!({ "verificationUuid": example_uuid() });
    api.post(PATH, &body).await.refuses(503, "SERVICE-UNAVAILABLE");
    for fault in [
        codes::not_found_verification(example_uuid()),
        codes::unsupported_risk_assessment(
            "Chainalysis KYT API for received transfer should be called after txHash is reported",
        ),
        codes::bad_request("......"),
        codes::vendor_denied("AccessDenied"),
        codes::vendor_timeout(5000),
        codes::screening_not_configured("chainalysis.kyt_api_key"),
        codes::idempotency_key_reused(),
        Fault::missing("network"),
        Fault::invalid("network"),
    ] {
        let Fault { status, code, message, .. } = fault.clone();
        Service::<RegisterKyt>::serve(&api, Some(Err(fault)));
        let answer = api.post(PATH, &body).await;
        answer.refuses(status, &code);
        assert_eq!(answer.json()["message"], *message);
    }
}

#[tokio::test]
async fn a_service_that_hangs_is_given_up() {
    let api = Api::with(|settings| settings.chainalysis.kyt_timeout = Duration::from_millis(20)).await;
    Service::<RegisterKyt>::serve(&api, None);
    let answer = api.post(PATH, &json!({ "verificationUuid": example_uuid() })).await;
    answer.refuses(408, "REQUEST-TIMEOUT");
    assert_eq!(answer.json()["message"], "timeout of 20ms exceeded");
}

#[tokio::test]
async fn every_field_is_checked() {
    let api = Api::start().await;
    let asked = Service::<RegisterKyt>::serve_one(&api);
    let answer = api.post(PATH, &json!({ "network": 1 })).await;
    answer.refuses(400, "MISSING-VERIFICATION-UUID");
    assert_eq!(answer.json()["message"], "`verificationUuid` is required.");
    for bad in [json!(1), json!(""), json!("x")] {
        let answer = api.post(PATH, &json!({ "verificationUuid": bad })).await;
        answer.refuses(400, "INVALID-VERIFICATION-UUID");
    }
    for bad in [json!(1), json!("a\nb"), json!("x".repeat(129))] {
        let answer = api.post(PATH, &json!({ "verificationUuid": example_uuid(), "network": bad })).await;
        answer.refuses(400, "INVALID-NETWORK");
    }
    assert!(asked.lock().unwrap().is_empty());
}
