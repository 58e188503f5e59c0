//! What World-Check One refuses, and how.

use axum::http::Method;
use serde_json::{Value, json};
use waybill_sandbox::VendorLimits;

use crate::common::Answer;
use crate::play::{Play, Signing, new_case};

#[track_caller]
fn is_unauthorized(answer: &Answer, why: &str) {
    assert_eq!((answer.status.as_u16(), &*answer.text()), (401, ""), "{why}");
    assert_eq!(answer.headers["content-length"], "0");
    let challenge = answer.headers["authorization"].to_str().unwrap();
    assert!(
        challenge.starts_with("WWW-Authenticate: Signature realm=\"World-Check One API\""),
        "{challenge}"
    );
    let reason = answer.headers["sandbox-reason"].to_str().unwrap();
    assert!(reason.contains(why), "{reason} is not about: {why}");
}

async fn refused(play: &Play, change: impl FnOnce(&mut Signing), why: &str) {
    let body = new_case("김재원").to_string();
    let mut signing = Signing::new(play.now(), Method::POST, "/v2/cases", &body);
    change(&mut signing);
    is_unauthorized(&play.send(signing.request()).await, why);
}

#[tokio::test]
async fn a_signature_is_right_in_every_part_or_refused() {
    let play = Play::new();
    let late = |seconds| {
        (play.now() + chrono::Duration::seconds(seconds)).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    refused(&play, |signing| signing.secret.push('x'), "signature").await;
    refused(&play, |signing| signing.key = "other".to_owned(), "keyId").await;
    refused(&play, |signing| signing.sent_body = signing.body.replace('김', "길"), "signature").await;
    refused(&play, |signing| signing.date = late(31), "Date").await;
    refused(&play, |signing| signing.date = late(-31), "Date").await;
    refused(&play, |signing| signing.date = play.now().to_rfc3339(), "RFC 1123").await;
    refused(&play, |signing| signing.content_length = signing.body.chars().count(), "in bytes").await;
    refused(&play, |signing| signing.signs_content = false, "with a body").await;
    let wrong_type =
        |signing: &mut Signing| signing.content_type = "application/json; charset=UTF-8".to_owned();
    let body = new_case("Taylor Robbins").to_string();
    let mut signing = Signing::new(play.now(), Method::POST, "/v2/cases", &body);
    wrong_type(&mut signing);
    let mut request = signing.request();
    request.headers_mut().insert("content-type", "application/json".parse().unwrap());
    is_unauthorized(&play.send(request).await, "signature");
    for seconds in [-30, 30] {
        let mut signing = Signing::new(play.now(), Method::GET, "/v2/groups", "");
        signing.date = late(seconds);
        assert_eq!(play.send(signing.request()).await.status, 200, "{seconds} s");
    }
}

#[tokio::test]
async fn a_post_without_a_body_signs_no_content() {
    let play = Play::new();
    let id = play.case("Taylor Robbins").await;
    let mut signing = Signing::new(play.now(), Method::POST, &format!("/v2/cases/{id}/screeningRequest"), "");
    signing.signs_content = true;
    is_unauthorized(&play.send(signing.request()).await, "without a body");
    signing.signs_content = false;
    let mut request = signing.request();
    request.headers_mut().insert("content-length", "0".parse().unwrap());
    assert_eq!(play.send(request).await.status, 201, "an unsigned length is no matter");
}

#[tokio::test]
async fn the_query_is_signed_as_the_setting_says() {
    let play = Play::new();
    let id = play.case("Taylor Robbins").await;
    let status = async |signs_query: bool| {
        let path = format!("/v2/cases/{id}?aggregatedSummary=true");
        let signing = Signing { signs_query, ..Signing::new(play.now(), Method::GET, &path, "") };
        play.send(signing.request()).await.status.as_u16()
    };
    for (setting, with, without) in [("without", 401, 200), ("with", 200, 401), ("either", 200, 200)] {
        play.set("refinitiv", json!({"signedQuery": setting})).await;
        assert_eq!((status(true).await, status(false).await), (with, without), "{setting}");
    }
}

#[tokio::test]
async fn a_case_must_be_right() {
    let play = Play::new();
    let changes: [(Value, &str); 13] = [
        (json!({"name": null}), "INVALID_FIELD"),
        (json!({"name": " "}), "INVALID_FIELD"),
        (json!({"groupId": "other"}), "INVALID_GROUP"),
        (json!({"entityType": "PERSON"}), "INVALID_ENTITY_TYPE"),
        (json!({"providerTypes": []}), "INVALID_PROVIDER_TYPE"),
        (json!({"providerTypes": ["MEDIA_CHECK"]}), "INVALID_PROVIDER_TYPE"),
        (json!({"Name": "x"}), "INVALID_MESSAGE_FORMAT"),
        (json!({"name": 7}), "INVALID_MESSAGE_FORMAT"),
        (json!({"secondaryFields": [{"typeId": "SFCT_1", "value": "UNKNOWN"}]}), "INVALID_SECONDARY_FIELD"),
        (
            json!({"secondaryFields": [{"typeId": "SFCT_2", "value": "1990-05-17"}]}),
            "INVALID_SECONDARY_FIELD",
        ),
        (
            json!({"secondaryFields": [{"typeId": "SFCT_2", "dateTimeValue": "12-01"}]}),
            "INVALID_SECONDARY_FIELD",
        ),
        (json!({"secondaryFields": [{"typeId": "SFCT_5", "value": "KR"}]}), "INVALID_SECONDARY_FIELD"),
        (json!({"secondaryFields": [{"typeId": "SFCT_5", "Value": "KOR"}]}), "INVALID_MESSAGE_FORMAT"),
    ];
    for (change, error) in changes {
        let mut body = new_case("Taylor Robbins");
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = play.wc_post("/v2/cases", &body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()[0]["error"]), (400, &json!(error)), "{change}");
        assert!(answer.json()[0]["cause"].is_string());
    }
    let torn = play.wc(Method::POST, "/v2/cases", "{\"name\":").await;
    let cause = "Message body is not well-formed.";
    assert_eq!(torn.json(), json!([{"error": "INVALID_MESSAGE_FORMAT", "cause": cause}]));
}

#[tokio::test]
async fn paths_methods_types_and_unknown_cases_are_refused() {
    let play = Play::new();
    let body = new_case("Taylor Robbins").to_string();
    let mut signing = Signing::new(play.now(), Method::POST, "/v2/cases", &body);
    signing.content_type = "text/plain".to_owned();
    let answer = play.send(signing.request()).await;
    assert_eq!((answer.status.as_u16(), &*answer.text()), (415, ""));
    for (method, path, status) in [
        (Method::GET, "/v2/nothing", 404),
        (Method::GET, "/v1/groups", 404),
        (Method::GET, "/v2/cases", 405),
        (Method::POST, "/v2/groups", 405),
    ] {
        let answer = play.wc(method, path, "").await;
        assert_eq!((answer.status.as_u16(), &*answer.text()), (status, ""), "{path}");
    }
    for (method, path) in [
        (Method::GET, "/v2/cases/nowhere"),
        (Method::GET, "/v2/cases/nowhere/results"),
        (Method::POST, "/v2/cases/nowhere/screeningRequest"),
        (Method::POST, "/v2/cases/nowhere/auditEvents"),
    ] {
        let answer = play.wc(method, path, "").await;
        let body = answer.json();
        assert_eq!((answer.status.as_u16(), &body[0]["error"]), (404, &json!("CASE_NOT_FOUND")), "{path}");
        assert_eq!(body[0]["objectId"], "nowhere");
    }
}

#[tokio::test]
async fn a_second_and_an_hour_have_their_limits() {
    let limits =
        VendorLimits { wc_per_second: Some(5), wc_screenings_per_hour: Some(2), ..VendorLimits::none() };
    let play = Play::with(limits);
    for _ in 0..5 {
        assert_eq!(play.wc_get("/v2/groups").await.status, 200);
    }
    let refused = play.wc_get("/v2/groups").await;
    assert_eq!((refused.status.as_u16(), &*refused.text()), (429, ""));
    assert!(!refused.headers.contains_key("retry-after"));
    play.wait(1_000);

    let id = play.case("Taylor Robbins").await;
    let path = format!("/v2/cases/{id}/screeningRequest");
    assert_eq!(play.wc(Method::POST, &path, "").await.status, 201);
    assert_eq!(play.wc(Method::POST, &path, "").await.status, 201);
    let used_up = play.wc(Method::POST, &path, "").await;
    assert_eq!(
        (used_up.status.as_u16(), &used_up.json()[0]["error"]),
        (403, &json!("SCREENING_LIMIT_EXCEEDED"))
    );
    assert_eq!(play.wc_get("/v2/groups").await.status, 200, "only screenings are used up");
    play.wait(3_600_000);
    assert_eq!(play.wc(Method::POST, &path, "").await.status, 201);
}
