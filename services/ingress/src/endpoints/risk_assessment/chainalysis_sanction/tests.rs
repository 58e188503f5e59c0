use std::time::Duration;

use serde_json::json;
use waybill_domain::{Fault, SanctionStatus, codes};
use waybill_jobs::AskSanction;
use waybill_openapi::types::example_uuid;
use waybill_store::tables::sanction_results::SanctionResult;

use crate::endpoints::risk_assessment::testing::{ADDRESS, REQUEST, Service, id};
use crate::testing::{Api, OURS, ROBOT};

const PATH: &str = "/v1/risk-assessment/chainalysis-sanction";

#[tokio::test]
async fn an_address_on_no_list_has_no_words_about_a_list() {
    let api = Api::start().await;
    let asked = Service::<AskSanction>::serve_one(&api);
    api.add_sanction(api.no_hit(REQUEST)).await;
    let answer = api.post(PATH, &json!({ "verificationUuid": example_uuid() })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.json().to_string(),
        json!({"chainalysisSanction": {
            "requestId": REQUEST, "counterpartyVaspId": ROBOT, "direction": "OUTGOING", "address": ADDRESS,
            "status": "NOHIT", "createdAt": "2026-01-02T03:04:05.000Z"
        }})
        .to_string(),
        "in the order of the interface"
    );
    assert_eq!(asked.lock().unwrap()[0].verification_uuid, example_uuid());
}

#[tokio::test]
async fn a_hit_and_an_error_say_more() {
    let api = Api::start().await;
    let hit = SanctionResult {
        status: SanctionStatus::Sanction,
        ofac_name: Some("LISTED".to_owned()),
        ofac_description: Some("About it.".to_owned()),
        ofac_url: None,
        ..api.no_hit(&id(1))
    };
    let error = SanctionResult {
        status: SanctionStatus::Error,
        reason: Some("VENDOR-ANSWER-UNUSABLE".to_owned()),
        // A VASP may be its own counterparty.
        counterparty_vasp_id: OURS.parse().unwrap(),
        ..api.no_hit(&id(2))
    };
    api.add_sanction(hit).await;
    api.add_sanction(error).await;
    let body = json!({ "verificationUuid": example_uuid() });
    Service::<AskSanction>::serve(&api, Some(Ok(id(1))));
    let shown = api.post(PATH, &body).await.json()["chainalysisSanction"].clone();
    assert_eq!((&shown["status"], &shown["ofacName"]), (&json!("SANCTION"), &json!("LISTED")));
    assert!(shown.get("ofacUrl").is_none() && shown.get("reason").is_none());
    Service::<AskSanction>::serve(&api, Some(Ok(id(2))));
    let answer = api.post(PATH, &body).await;
    let shown = answer.json()["chainalysisSanction"].clone();
    assert_eq!(answer.status, 200);
    assert_eq!((&shown["status"], &shown["reason"]), (&json!("ERROR"), &json!("VENDOR-ANSWER-UNUSABLE")));
    assert_eq!(shown["counterpartyVaspId"], OURS);
}

#[tokio::test]
async fn refusals_are_passed_on_as_they_are() {
    let api = Api::start().await;
    let body = json!({ "verificationUuid": example_uuid() });
    api.post(PATH, &body).await.refuses(503, "SERVICE-UNAVAILABLE");
    for fault in [
        codes::not_found_verification(example_uuid()),
        codes::unsupported_risk_assessment("The verification has no result yet"),
        codes::vendor_unauthorized(),
        codes::vendor_denied("Forbidden"),
        codes::vendor_timeout(5000),
        codes::bad_request("Malformed address"),
        codes::screening_not_configured("chainalysis.sanction_api_key"),
    ] {
        let Fault { status, code, message, .. } = fault.clone();
        Service::<AskSanction>::serve(&api, Some(Err(fault)));
        let answer = api.post(PATH, &body).await;
        answer.refuses(status, &code);
        assert_eq!(answer.json()["message"], *message);
        assert_eq!(
            answer.header("www-authenticate"),
            None,
            "the caller is known; it is the vendor who does not know us"
        );
    }
}

#[tokio::test]
async fn the_longest_time_of_a_request_holds_too() {
    let api = Api::with(|settings| {
        settings.chainalysis.sanction_timeout = Duration::from_secs(60);
        settings.ingress.request_timeout = Duration::from_millis(50);
    })
    .await;
    Service::<AskSanction>::serve(&api, None);
    let answer = api.post(PATH, &json!({ "verificationUuid": example_uuid() })).await;
    answer.refuses(408, "REQUEST-TIMEOUT");
}

#[tokio::test]
async fn a_service_that_hangs_is_given_up_in_the_words_of_the_interface() {
    let api = Api::with(|settings| settings.chainalysis.sanction_timeout = Duration::from_millis(20)).await;
    Service::<AskSanction>::serve(&api, None);
    let answer = api.post(PATH, &json!({ "verificationUuid": example_uuid() })).await;
    answer.refuses(408, "REQUEST-TIMEOUT");
    assert_eq!(answer.json()["message"], "timeout of 20ms exceeded");
}

#[tokio::test]
async fn an_answer_without_its_row_is_our_fault() {
    let api = Api::start().await;
    Service::<AskSanction>::serve_one(&api);
    api.post(PATH, &json!({ "verificationUuid": example_uuid() })).await.refuses(500, "INTERNAL-ERROR");
}

#[tokio::test]
async fn the_uuid_is_checked() {
    let api = Api::start().await;
    let asked = Service::<AskSanction>::serve_one(&api);
    let answer = api.post(PATH, &json!({})).await;
    answer.refuses(400, "MISSING-VERIFICATION-UUID");
    assert_eq!(answer.json()["message"], "`verificationUuid` is required.");
    for bad in [json!(1), json!(""), json!("x")] {
        let answer = api.post(PATH, &json!({ "verificationUuid": bad })).await;
        answer.refuses(400, "INVALID-VERIFICATION-UUID");
    }
    assert!(asked.lock().unwrap().is_empty());
}
