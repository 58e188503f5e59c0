use std::time::Duration;

use serde_json::{Value, json};
use waybill_domain::{Fault, codes};
use waybill_jobs::{RegisterWco, Request as _};
use waybill_openapi::types::example_uuid;

use crate::endpoints::risk_assessment::testing::{REQUEST, Service};
use crate::testing::{Api, person};

const PATH: &str = "/v1/risk-assessment/refinitiv-wco";

fn with_payload(ivms101: Value) -> Value {
    json!({ "verificationUuid": example_uuid(), "payload": { "version": "1.0", "ivms101": ivms101 } })
}

fn beneficiary() -> Value {
    json!({ "beneficiaryPersons": [person("Robbins", "Taylor")] })
}

/// What the service opens.
fn opened(api: &Api, asked: &RegisterWco) -> Value {
    let sealed = asked.payload_sealed.as_deref().unwrap();
    assert!(!sealed.contains("Robbins"), "the bus is no place for names");
    let text = api.ctx.vault.open_request(RegisterWco::KIND, &asked.request_name, sealed).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn the_persons_of_the_verification_need_no_payload() {
    let api = Api::start().await;
    let asked = Service::<RegisterWco>::serve_one(&api);
    for body in [
        json!({ "verificationUuid": example_uuid() }),
        json!({ "verificationUuid": example_uuid(), "payload": null }),
    ] {
        let answer = api.post(PATH, &body).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "requestId": REQUEST })));
        let asked = asked.lock().unwrap().pop().unwrap();
        assert_eq!((asked.verification_uuid, asked.payload_sealed), (example_uuid(), None));
    }
}

#[tokio::test]
async fn given_persons_reach_the_service_sealed() {
    let api = Api::start().await;
    let asked = Service::<RegisterWco>::serve_one(&api);
    let one = with_payload(json!({ "beneficiary": beneficiary() }));
    assert_eq!(api.post(PATH, &one).await.status, 200);
    let both = with_payload(json!({
        "beneficiary": beneficiary(),
        "originator": { "originatorPersons": [person("Barnes", "Robert")], "accountNumber": ["0x61"] }
    }));
    assert_eq!(api.post(PATH, &both).await.status, 200);
    let asked = asked.lock().unwrap().clone();
    let expected = json!({ "version": "1.0", "ivms101": { "beneficiary": beneficiary() } });
    assert_eq!(opened(&api, &asked[0]), expected);
    assert_eq!(opened(&api, &asked[1]), both["payload"]);
    assert_ne!(asked[0].request_name, asked[1].request_name);
}

#[tokio::test]
async fn the_service_is_told_how_the_request_may_be_repeated() {
    let api = Api::start().await;
    let asked = Service::<RegisterWco>::serve_one(&api);
    let body = with_payload(json!({ "beneficiary": beneficiary() }));
    for _ in 0..2 {
        assert_eq!(api.post_with(PATH, &[("idempotency-key", "k")], &body).await.status, 200);
    }
    let asked = asked.lock().unwrap();
    let kept = asked[0].repeatable.clone().unwrap();
    assert_eq!(Some(&kept), asked[1].repeatable.as_ref());
    assert_eq!((&*kept.key, &*kept.scope), ("k", &*format!("anonymous POST {PATH}")));
    assert!(!kept.digest.contains("Robbins"));
}

#[tokio::test]
async fn refusals_are_passed_on_as_they_are() {
    let api = Api::start().await;
    let body = json!({ "verificationUuid": example_uuid() });
    api.post(PATH, &body).await.refuses(503, "SERVICE-UNAVAILABLE");
    for fault in [
        codes::not_found_verification(example_uuid()),
        codes::unsupported_risk_assessment("The verification has no result yet"),
        codes::bad_request("INVALID_PROVIDER_TYPE"),
        codes::vendor_unauthorized(),
        codes::vendor_denied("quota"),
        codes::vendor_timeout(5000),
        codes::screening_not_configured("refinitiv.group_id"),
        codes::idempotency_key_reused(),
        Fault::missing("payload.ivms101.beneficiary"),
        Fault::missing("payload.ivms101.originator"),
    ] {
        let Fault { status, code, message, .. } = fault.clone();
        Service::<RegisterWco>::serve(&api, Some(Err(fault)));
        let answer = api.post(PATH, &body).await;
        answer.refuses(status, &code);
        assert_eq!(answer.json()["message"], *message);
    }
}

#[tokio::test]
async fn a_service_that_hangs_is_given_up() {
    let api = Api::with(|settings| settings.refinitiv.timeout = Duration::from_millis(20)).await;
    Service::<RegisterWco>::serve(&api, None);
    let answer = api.post(PATH, &json!({ "verificationUuid": example_uuid() })).await;
    answer.refuses(408, "REQUEST-TIMEOUT");
    assert_eq!(answer.json()["message"], "timeout of 20ms exceeded");
}

#[tokio::test]
async fn every_field_is_checked() {
    let api = Api::start().await;
    let asked = Service::<RegisterWco>::serve_one(&api);
    api.post(PATH, &json!({ "payload": 1 })).await.refuses(400, "MISSING-VERIFICATION-UUID");
    for bad in [json!(1), json!(""), json!("x")] {
        let answer = api.post(PATH, &json!({ "verificationUuid": bad })).await;
        answer.refuses(400, "INVALID-VERIFICATION-UUID");
    }
    let nameless = json!({ "naturalPerson": { "dateAndPlaceOfBirth": { "dateOfBirth": "1984-09-30", "placeOfBirth": "x" } } });
    for (payload, code) in [
        (json!(1), "INVALID-PAYLOAD"),
        (json!({}), "MISSING-VERSION"),
        (json!({ "version": 1 }), "INVALID-VERSION"),
        (json!({ "version": "x".repeat(17) }), "INVALID-VERSION"),
        (json!({ "version": "1.0" }), "MISSING-IVMS101"),
        (json!({ "version": "1.0", "ivms101": 1 }), "INVALID-IVMS101"),
        (json!({ "version": "1.0", "ivms101": { "beneficiary": 1 } }), "INVALID-BENEFICIARY"),
        (json!({ "version": "1.0", "ivms101": { "originator": [1] } }), "INVALID-ORIGINATOR"),
        (
            json!({ "version": "1.0", "ivms101": { "beneficiary": { "accountNumber": ["0x1"] } } }),
            "MISSING-BENEFICIARY-PERSONS",
        ),
        (
            json!({ "version": "1.0", "ivms101": { "originator": { "originatorPersons": [nameless] } } }),
            "MISSING-NAME",
        ),
    ] {
        let body = json!({ "verificationUuid": example_uuid(), "payload": payload });
        api.post(PATH, &body).await.refuses(400, code);
    }
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn more_than_a_column_holds_is_refused() {
    let api = Api::start().await;
    let persons: Vec<Value> =
        (0..60).map(|at| person(&format!("{at}{}", "x".repeat(80)), &"y".repeat(90))).collect();
    let persons: Vec<Value> = persons.iter().cycle().take(180).cloned().collect();
    let body = with_payload(json!({ "beneficiary": { "beneficiaryPersons": persons } }));
    api.post(PATH, &body).await.refuses(413, "PAYLOAD-TOO-LARGE");
}
