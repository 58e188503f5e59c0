//! What holds for every path alike.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;

use crate::callers::{Scope, Scopes};
use crate::testing::{Answer, Api, verification};

const UUID: &str = "/v1/verifications/8d729bf4-38db-471d-b052-896f8660916a";

const ASSESSMENT: &str = "/v1/risk-assessment/f7231c6f-f1e7-4ae7-b143-2c87cd38abe9";

/// The path as it is described.
pub(super) fn template(path: &str) -> &str {
    match path {
        UUID => "/v1/verifications/{uuid}",
        ASSESSMENT => "/v1/risk-assessment/{requestId}",
        plain => plain,
    }
}

/// Every guarded endpoint, and the scope that it takes.
pub(super) const GUARDED: &[(&str, &str, Scope)] = &[
    ("GET", "/v1/vasps/self", Scope::VaspsRead),
    ("GET", "/v1/vasps", Scope::VaspsRead),
    ("GET", "/v1/networks", Scope::VaspsRead),
    ("POST", "/v1/verifications/account", Scope::VerificationsWrite),
    ("POST", "/v1/verifications", Scope::VerificationsWrite),
    ("GET", "/v1/verifications", Scope::VerificationsRead),
    ("GET", UUID, Scope::VerificationsRead),
    ("POST", "/v1/verifications/tx", Scope::VerificationsWrite),
    ("POST", "/v1/verifications/error", Scope::VerificationsWrite),
    ("POST", "/v1/verifications/tx/inquiry", Scope::VerificationsWrite),
    ("POST", "/v1/risk-assessment/chainalysis-sanction", Scope::RiskAssessmentWrite),
    ("POST", "/v1/risk-assessment/chainalysis-kyt", Scope::RiskAssessmentWrite),
    ("POST", "/v1/risk-assessment/refinitiv-wco", Scope::RiskAssessmentWrite),
    ("GET", "/v1/risk-assessment", Scope::RiskAssessmentRead),
    ("GET", ASSESSMENT, Scope::RiskAssessmentRead),
];

async fn ask(api: &Api, method: &str, path: &str, key: Option<&str>) -> Answer {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request =
        key.iter().fold(request, |request, key| request.header("authorization", format!("Bearer {key}")));
    let body = if method == "POST" { "{}" } else { "" };
    api.send(request, Body::from(body)).await
}

#[tokio::test]
async fn every_endpoint_takes_a_key_with_its_scope() {
    let api = Api::start().await;
    let key_for = async |scopes: Scopes| api.make_key(&scopes.to_string()).await;
    for &(method, path, scope) in GUARDED {
        let right = key_for([scope].into_iter().collect()).await;
        let wrong = key_for(Scope::ALL.iter().copied().filter(|other| *other != scope).collect()).await;
        let nobody = ask(&api, method, path, None).await;
        nobody.refuses(401, "UNAUTHORIZED");
        assert_eq!(nobody.header("www-authenticate"), Some("Bearer"));
        ask(&api, method, path, Some("wbk_nonsense")).await.refuses(401, "UNAUTHORIZED");
        ask(&api, method, path, Some(&wrong)).await.refuses(403, "FORBIDDEN");
        let let_in = ask(&api, method, path, Some(&right)).await;
        assert!(![401, 403].contains(&let_in.status), "{method} {path}: {}", let_in.text());
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_our_shape() {
    let api = Api::start().await;
    for path in ["/", "/v1", "/v1/verifications/", "/v2/vasps", "/v1/verifications/tx/other", "/V1/vasps"] {
        ask(&api, "GET", path, None).await.refuses(404, "PATH-NOT-FOUND");
    }
    for (path, allowed) in [
        ("/healthcheck", "GET"),
        ("/v1/vasps", "GET"),
        ("/v1/verifications", "POST"),
        ("/v1/verifications/tx", "POST"),
        ("/v1/verifications/account", "POST"),
        ("/v1/risk-assessment/chainalysis-kyt", "POST"),
        ("/v1/risk-assessment", "GET"),
        (UUID, "GET"),
    ] {
        let answer = ask(&api, "DELETE", path, None).await;
        answer.refuses(405, "METHOD-NOT-ALLOWED");
        assert!(answer.header("allow").unwrap().contains(allowed), "{path}");
    }
    ask(&api, "GET", "/v1/verifications/tx", None).await.refuses(405, "METHOD-NOT-ALLOWED");
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused_in_our_shape() {
    let api = Api::start().await;
    let send = async |content_type: &str, body: String| {
        let paths = GUARDED.iter().filter(|(method, ..)| *method == "POST").map(|(_, path, _)| *path);
        let mut answers = Vec::new();
        for path in paths {
            let request =
                Request::builder().method(Method::POST).uri(path).header("content-type", content_type);
            answers.push(api.send(request, Body::from(body.clone())).await);
        }
        answers
    };
    let json = "application/json";
    let deep = format!("{{\"keyType\":{}1{}}}", "[".repeat(64), "]".repeat(64));
    let large = format!("{{\"keyType\":\"{}\"}}", "x".repeat(131_072));
    for (content_type, body, status, code) in [
        (json, "{".to_owned(), 400, "MALFORMED-JSON"),
        (json, String::new(), 400, "MALFORMED-JSON"),
        (json, "{\"a\":1,\"a\":2}".to_owned(), 400, "MALFORMED-JSON"),
        (json, "[]".to_owned(), 400, "MALFORMED-JSON"),
        (json, "\"text\"".to_owned(), 400, "MALFORMED-JSON"),
        (json, deep, 400, "NESTED-TOO-DEEPLY"),
        (json, large, 413, "PAYLOAD-TOO-LARGE"),
        ("text/plain", verification().to_string(), 415, "UNSUPPORTED-MEDIA-TYPE"),
        ("application/x-www-form-urlencoded", "keyType=PerVasp".to_owned(), 415, "UNSUPPORTED-MEDIA-TYPE"),
    ] {
        for answer in send(content_type, body.clone()).await {
            answer.refuses(status, code);
        }
    }
}

#[tokio::test]
async fn who_may_not_call_is_told_before_the_body_is_read() {
    let api = Api::start().await;
    api.make_key("vasps:read").await;
    let request = Request::post("/v1/verifications").header("content-type", "text/plain");
    api.send(request, Body::from("{")).await.refuses(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let api = Api::with(|settings| {
        settings.ingress.rate_per_second = 1;
        settings.ingress.rate_burst = 2;
    })
    .await;
    let path = "/v1/vasps/self";
    let mut answers = Vec::new();
    for _ in 0..50 {
        answers.push(api.get(path).await);
    }
    assert_eq!(answers[0].status, 200);
    let refused =
        answers.iter().find(|answer| answer.status == 429).expect("50 requests take less than 48 seconds");
    refused.refuses(429, "TOO-MANY-REQUESTS");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(api.get("/healthcheck").await.status, 200, "the health check is not counted");
    let key = api.make_key("vasps:read").await;
    assert_eq!(api.get_as(&key, path).await.status, 200, "each key has a share of its own");
}

#[tokio::test]
async fn a_database_that_is_away_is_told_apart_from_a_fault() {
    let api = Api::start().await;
    let uuid = api.verified().await;
    let report = json!({"verificationUuid": uuid, "txHash": "abc"});
    api.ctx.store.close().await;
    for answer in [
        api.post("/v1/verifications", &verification()).await,
        api.post("/v1/verifications/tx", &report).await,
        api.get("/v1/verifications").await,
        api.get(&format!("/v1/verifications/{uuid}")).await,
        api.get("/v1/vasps").await,
        api.get("/v1/risk-assessment").await,
        api.get(ASSESSMENT).await,
    ] {
        answer.refuses(503, "DATABASE-UNAVAILABLE");
    }
    assert_eq!(api.get("/healthcheck").await.status, 200);
}
