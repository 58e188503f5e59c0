//! What is no proper request: always our error shape, at either listener, and nothing changed.

use http::Method;
use serde_json::{Value, json};
use waybill_tests::{Answer, Client, edit, verification};

use crate::dev;

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

async fn post(client: Client, path: &str, body: impl Into<bytes::Bytes>) -> Answer {
    client.send(Method::POST, path, JSON, body).await
}

/// Both listeners and a path of each that takes a body.
async fn listeners() -> [(Client, &'static str); 2] {
    let ours = dev().await.ours;
    [(ours.api, "/v1/verifications"), (ours.listener, "/peer/v1/verifications")]
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    let api = dev().await.ours.api;
    for path in ["", "/account", "/tx", "/error", "/tx/inquiry"] {
        let path = format!("/v1/verifications{path}");
        for body in ["", "{", "{\"keyType\": }", "{} {}", "\u{feff}{}", "{\"a\": 1, \"a\": 2}", "nonsense"] {
            post(api, &path, body).await.is_refused(400, "MALFORMED-JSON");
        }
        let (status, code) = post(api, &path, "[]").await.refusal();
        assert!(
            status == 400
                && (code.starts_with("INVALID-") || code.starts_with("MISSING-") || code == "MALFORMED-JSON"),
            "{code}"
        );
        post(api, &path, &b"{\"a\": \"\xff\"}"[..]).await.is_refused(400, "MALFORMED-JSON");
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    for (client, path) in listeners().await {
        let body = format!("{{\"a\": \"{}\"}}", "x".repeat(200_000));
        post(client, path, body).await.is_refused(413, "PAYLOAD-TOO-LARGE");
    }
    // Within the limit of a body, beyond that of personal data.
    let name = "x".repeat(60_000);
    let request = edit(verification(), "payload.ivms101.originator.unknown", json!(name));
    let answer = dev().await.ours.api.post("/v1/verifications", &request).await;
    assert!([400, 413].contains(&answer.refusal().0), "{answer:?}");
}

#[tokio::test]
async fn what_is_too_deep_is_refused() {
    let api = dev().await.ours.api;
    for body in ["[".repeat(60_000), "{\"a\":".repeat(20_000)] {
        post(api, "/v1/verifications", body).await.is_refused(400, "NESTED-TOO-DEEPLY");
    }
}

#[tokio::test]
async fn another_content_type_is_refused() {
    for (client, path) in listeners().await {
        for content_type in ["text/plain", "application/xml", "application/x-www-form-urlencoded"] {
            let headers = [("content-type", content_type)];
            let answer = client.send(Method::POST, path, &headers, verification().to_string()).await;
            answer.is_refused(415, "UNSUPPORTED-MEDIA-TYPE");
        }
        client.send(Method::POST, path, &[], "{}").await.is_refused(415, "UNSUPPORTED-MEDIA-TYPE");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused() {
    let ours = dev().await.ours;
    for client in [ours.api, ours.listener] {
        for path in ["/", "/v1", "/v2/verifications", "/v1/verifications/a/b", "/%2e%2e/etc"] {
            client.get(path).await.is_refused(404, "PATH-NOT-FOUND");
        }
    }
    post(ours.listener, "/peer/v1/nothing", "{}").await.is_refused(404, "PATH-NOT-FOUND");
    for (client, path) in listeners().await {
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = client.send(method, path, JSON, "{}").await;
            answer.is_refused(405, "METHOD-NOT-ALLOWED");
        }
    }
    ours.listener.get("/peer/v1/verifications").await.is_refused(405, "METHOD-NOT-ALLOWED");
    ours.api.get("/peer/v1/verifications").await.is_refused(404, "PATH-NOT-FOUND");
    ours.listener.get("/v1/verifications").await.is_refused(404, "PATH-NOT-FOUND");
}

#[tokio::test]
async fn a_uuid_that_is_none_is_refused() {
    let api = dev().await.ours.api;
    for path in ["nonsense", "0", "%00", "00000000-0000-4000-8000-00000000000g"] {
        let (status, code) = api.get(&format!("/v1/verifications/{path}")).await.refusal();
        assert!(
            matches!((status, &*code), (400, "INVALID-VERIFICATION-UUID") | (404, "VERIFICATION-NOT-FOUND")),
            "{path}: {status} {code}"
        );
    }
}

#[tokio::test]
async fn wrong_queries_are_refused() {
    let api = dev().await.ours.api;
    for (query, code) in [
        ("page=0", "INVALID-PAGE"),
        ("page=x", "INVALID-PAGE"),
        ("rpp=0", "INVALID-RPP"),
        ("rpp=101", "INVALID-RPP"),
        ("result=MAYBE", "INVALID-RESULT"),
        ("actionType=BOTH", "INVALID-ACTION-TYPE"),
        ("fromDate=yesterday", "INVALID-FROM-DATE"),
        ("toDate=2026-02-30", "INVALID-TO-DATE"),
        ("oppositeVaspId=-1", "INVALID-OPPOSITE-VASP-ID"),
    ] {
        api.get(&format!("/v1/verifications?{query}")).await.is_refused(400, code);
    }
}

#[tokio::test]
async fn every_mandatory_field_of_a_verification_is_missed_and_its_type_checked() {
    let api = dev().await.ours.api;
    for (path, code) in [
        ("keyType", "KEY-TYPE"),
        ("beneficiaryVaspId", "VASP"),
        ("assetInfo", "ASSET-INFO"),
        ("assetInfo.symbol", "SYMBOL"),
        ("assetInfo.amount", "AMOUNT"),
        ("assetInfo.isExceedingThreshold", "IS-EXCEEDING-THRESHOLD"),
        ("assetInfo.tradePrice", "TRADE-PRICE"),
        ("assetInfo.tradeCurrency", "TRADE-CURRENCY"),
        ("assetInfo.tradeISODatetime", "TRADE-ISO-DATETIME"),
        ("requiredBeneficiaryInfo", "REQUIRED-BENEFICIARY-INFO"),
        ("payload", "PAYLOAD"),
        ("payload.version", "VERSION"),
        ("payload.ivms101", "IVMS101"),
        ("payload.ivms101.originator", "ORIGINATOR"),
        ("payload.ivms101.originator.originatorPersons", "ORIGINATOR-PERSONS"),
        ("payload.ivms101.originator.accountNumber", "ACCOUNT-NUMBER"),
        ("payload.ivms101.beneficiary", "BENEFICIARY"),
        ("payload.ivms101.beneficiary.beneficiaryPersons", "BENEFICIARY-PERSONS"),
        ("payload.ivms101.beneficiary.accountNumber", "ACCOUNT-NUMBER"),
    ] {
        let missing = api.post("/v1/verifications", &edit(verification(), path, Value::Null)).await;
        missing.is_refused(400, &format!("MISSING-{code}"));
        assert_eq!(missing.json()["message"], format!("`{path}` is required."));
        let wrong = api.post("/v1/verifications", &edit(verification(), path, json!(-7.5))).await;
        wrong.is_refused(400, &format!("INVALID-{code}"));
    }
}

#[tokio::test]
async fn the_first_fault_in_document_order_is_told() {
    let request = edit(verification(), "payload.version", Value::Null);
    let request = edit(request, "keyType", Value::Null);
    let answer = dev().await.ours.api.post("/v1/verifications", &request).await;
    answer.is_refused(400, "MISSING-KEY-TYPE");
}

#[tokio::test]
async fn an_unsigned_message_between_nodes_is_refused() {
    let listener = dev().await.ours.listener;
    for message in
        ["keys", "accounts", "verifications", "answers", "transactions", "errors", "inquiries", "expiries"]
    {
        let body = json!({"verificationUuid": "00000000-0000-4000-8000-000000000000", "keyType": "PerVasp"});
        let path = format!("/peer/v1/{message}");
        listener.post(&path, &body).await.is_refused(401, "SIGNATURE-MISSING");
    }
}

#[tokio::test]
async fn both_listeners_say_that_they_are_up() {
    let ours = dev().await.ours;
    for client in [ours.api, ours.listener] {
        client.get("/healthcheck").await.ok();
    }
}

#[tokio::test]
async fn what_is_not_http_is_answered_or_cut_and_hurts_nobody() {
    let ours = dev().await.ours;
    for client in [ours.api, ours.listener] {
        for bytes in [
            &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"POST /v1/verifications HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        ] {
            let answer = client.send_raw(bytes).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
        client.get("/healthcheck").await.ok();
    }
}
