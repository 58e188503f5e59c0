//! The journal of what the vendors were sent.

use std::fs;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use waybill_sandbox::{JournalKeeping, VendorLimits};
use waybill_testkit::{MockClock, TestFolder};

use crate::common::Fixture;
use crate::play::{CLEAN, KYT_KEY, Play, SANCTION_KEY, START, WC_KEY, new_case, open, transfer};

#[tokio::test]
async fn requests_are_kept_without_their_secrets() {
    let play = Play::new();
    play.kyt_post("/v2/users/42/transfers", &transfer(CLEAN)).await;
    play.sanctions(CLEAN).await;
    play.wc_post("/v2/cases", &new_case("Taylor Robbins")).await;

    let kyt = play.fixture.journal("vendor=chainalysis-kyt").await;
    let expected = json!([{
        "at": START, "method": "POST", "path": "/vendors/chainalysis-kyt/v2/users/42/transfers",
        "headers": {"host": "127.0.0.1:21300", "token": "***", "accept": "application/json", "content-type": "application/json"},
        "body": transfer(CLEAN),
    }]);
    assert_eq!(Value::Array(kyt), expected);
    let sanctions = play.fixture.journal("vendor=chainalysis-sanction").await;
    assert_eq!((&sanctions[0]["headers"]["x-api-key"], &sanctions[0]["body"]), (&json!("***"), &Value::Null));
    let wc = play.fixture.journal("vendor=refinitiv").await;
    let signed = "(request-target) host date content-type content-length";
    let masked =
        format!(r#"Signature keyId="***",algorithm="hmac-sha256",headers="{signed}",signature="***""#);
    assert_eq!(wc[0]["headers"]["authorization"], json!(masked));

    let file = fs::read_to_string(play.fixture.folder.join("journal.jsonl")).unwrap();
    assert!(file.contains("Taylor Robbins"), "the scan below would find what is there");
    for secret in [KYT_KEY, SANCTION_KEY, WC_KEY] {
        assert!(!file.contains(secret));
    }
}

#[tokio::test]
async fn what_is_refused_is_kept_too_and_entries_are_selected() {
    let play = Play::new();
    let id = play.transfer(CLEAN).await;
    play.kyt_get(&format!("/v2/transfers/{id}?formatType=display")).await;
    play.kyt_get(&format!("/v2/transfers/{id}/alerts")).await;
    let nobody = Request::get("/vendors/chainalysis-kyt/v2/categories").body(Body::empty()).unwrap();
    assert_eq!(play.send(nobody).await.status, 403);
    let count = async |query: &str| {
        let answer = play.fixture.get(&format!("/journal/count?vendor=chainalysis-kyt{query}")).await;
        answer.json()["count"].clone()
    };
    assert_eq!(count("").await, 4);
    assert_eq!(count("&path=alerts").await, 1);
    assert_eq!(count(&format!("&path={id}")).await, 2);
    assert_eq!(count("&path=formatType").await, 1);
    let last = play.fixture.journal("vendor=chainalysis-kyt&limit=1").await;
    assert_eq!(last[0]["path"], "/vendors/chainalysis-kyt/v2/categories");
    for (query, status) in
        [("vendor=nobody", 404), ("vendor=refinitiv&vasp=1", 400), ("vendor=refinitiv", 200)]
    {
        assert_eq!(play.fixture.get(&format!("/journal?{query}")).await.status, status, "{query}");
    }
}

#[tokio::test]
async fn a_restart_keeps_the_journal_and_forgets_the_rest() {
    let play = Play::new();
    let id = play.transfer(CLEAN).await;
    let Play { fixture: Fixture { sandbox, folder }, clock } = play;
    drop(sandbox);
    let sandbox = open(&folder, &clock, VendorLimits::none(), JournalKeeping::Full);
    let play = Play { fixture: Fixture { sandbox, folder }, clock };
    assert_eq!(play.fixture.journal("vendor=chainalysis-kyt&path=transfers").await.len(), 1);
    assert_eq!(play.kyt_get(&format!("/v2/transfers/{id}")).await.status, 404);
    assert_eq!(play.transfer(CLEAN).await, id, "the same content has the same id");
}

#[tokio::test]
async fn counting_only_counts_by_kinds_of_paths() {
    let (folder, clock) = (TestFolder::new(), MockClock::new(START.parse().unwrap()));
    let sandbox = open(&folder, &clock, VendorLimits::none(), JournalKeeping::CountOnly);
    let play = Play { fixture: Fixture { sandbox, folder }, clock };
    for user in 0..3 {
        let path = format!("/v2/users/1595208993116205999{user}/transfers");
        assert_eq!(
            play.send(Play::kyt_request(&Method::POST, &path, Some(&transfer(CLEAN)))).await.status,
            202
        );
    }
    let count = play.fixture.get("/journal/count?vendor=chainalysis-kyt&path=users/*/transfers").await.json();
    assert_eq!(count, json!({"count": 3}));
    assert!(play.fixture.journal("vendor=chainalysis-kyt").await.is_empty());
}

#[tokio::test]
async fn without_vendors_their_paths_are_not_there() {
    let fixture = Fixture::new();
    for path in ["/vendors/refinitiv/v2/groups", "/vendors/refinitiv/mode", "/journal?vendor=refinitiv"] {
        let answer = fixture.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (404, &json!("VENDOR-NOT-FOUND")),
            "{path}"
        );
    }
}
