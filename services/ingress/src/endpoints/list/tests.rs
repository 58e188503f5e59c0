use std::time::Duration;

use serde_json::{Value, json};

use crate::testing::{Api, OURS, ROBOT, verification};

const PATH: &str = "/v1/verifications";

async fn list(api: &Api, query: &str) -> Value {
    let answer = api.get(&format!("{PATH}?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

async fn ids(api: &Api, query: &str) -> Vec<i64> {
    let answer = list(api, query).await;
    answer["verifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["verificationId"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn an_empty_list_has_the_shape_of_the_interface() {
    let answer = Api::start().await.get(PATH).await;
    assert_eq!(
        answer.json(),
        json!({
            "count": 0, "countIsExact": true, "page": 1, "rpp": 10, "nextCursor": null, "verifications": []
        })
    );
}

#[tokio::test]
async fn pages_are_newest_first_by_number_and_by_cursor_alike() {
    let api = Api::start().await;
    for at in 0..25 {
        api.verification().await; // several share a millisecond
        if at % 3 == 0 {
            api.clock.advance(Duration::from_millis(1));
        }
    }
    let newest_first: Vec<i64> = (1..=25).rev().collect();
    assert_eq!(ids(&api, "").await, newest_first[..10]);
    assert_eq!(ids(&api, "page=3").await, newest_first[20..]);
    assert_eq!(ids(&api, "page=2&rpp=20").await, newest_first[20..]);
    assert_eq!(ids(&api, "page=4").await, [0; 0]);
    assert_eq!(ids(&api, "rpp=100").await, newest_first);

    let (mut walked, mut query) = (Vec::new(), "rpp=4".to_owned());
    for _ in 0..7 {
        walked.extend(ids(&api, &query).await);
        let next = list(&api, &query).await["nextCursor"].clone();
        query = format!("rpp=4&cursor={}", next.as_str().unwrap_or("none"));
        api.verification().await; // what comes later disturbs nothing
    }
    assert_eq!(query, "rpp=4&cursor=none", "the seventh page is the last");
    assert_eq!(walked, newest_first);
}

#[tokio::test]
async fn each_filter_narrows_the_list() {
    let api = Api::start().await;
    let eth = api.verified().await;
    let mut other = verification();
    other["assetInfo"]["symbol"] = "USDT".into();
    other["assetInfo"]["network"] = "Tron".into();
    other["beneficiaryVaspId"] = OURS.into();
    other["payload"]["ivms101"]["originator"]["accountNumber"] = json!(["from-2"]);
    other["payload"]["ivms101"]["beneficiary"]["accountNumber"] = json!(["To-2"]);
    assert_eq!(api.post(PATH, &other).await.status, 200);
    api.received_from(ROBOT).await;
    let report = json!({"verificationUuid": eth, "txHash": "0xAbC"});
    assert_eq!(api.post("/v1/verifications/tx", &report).await.status, 200);
    let (from, to) = ("0x61c5d1cd7d5ff8bd", "0x5811001506550d8356a215be229c15b6ef371a9b");
    for (query, found) in [
        ("symbol=ETH".to_owned(), vec![3, 1]),
        ("symbol=eth".to_owned(), vec![]),
        ("network=Tron".to_owned(), vec![2]),
        ("txHash=0xAbC".to_owned(), vec![1]),
        ("txHash=abc".to_owned(), vec![1]),
        ("txHash=abd".to_owned(), vec![]),
        ("result=VERIFIED".to_owned(), vec![1]),
        ("result=WAIT".to_owned(), vec![3, 2]),
        ("result=UNKNOWN".to_owned(), vec![]),
        ("actionType=SEND".to_owned(), vec![2, 1]),
        ("actionType=RECEIVE".to_owned(), vec![3, 2]),
        (format!("oppositeVaspId={ROBOT}"), vec![3, 1]),
        (format!("oppositeVaspId={OURS}"), vec![2]),
        (format!("oppositeVaspId={ROBOT}&actionType=RECEIVE"), vec![3]),
        (format!("originatorAccountNumber={from}"), vec![1]),
        (format!("fromAccount={from}"), vec![1]),
        (format!("beneficiaryAccountNumber={to}"), vec![1]),
        ("toAccount=To-2".to_owned(), vec![2]),
        ("beneficiaryAccountNumber=to-2".to_owned(), vec![]),
        ("symbol=ETH&result=WAIT".to_owned(), vec![3]),
        ("symbol=&unknown=1".to_owned(), vec![3, 2, 1]),
    ] {
        assert_eq!(ids(&api, &query).await, found, "{query}");
        let count = list(&api, &query).await["count"].clone();
        assert_eq!(count, found.len(), "{query}");
    }
}

#[tokio::test]
async fn days_are_utc_and_both_ends_count() {
    let api = Api::start().await;
    api.verification().await; // 2026-01-02 03:04:05
    api.clock.advance(Duration::from_secs(20 * 3600 + 55 * 60 + 54)); // one second before midnight
    api.verification().await;
    api.clock.advance(Duration::from_secs(1));
    api.verification().await;
    for (query, found) in [
        ("fromDate=2026-01-02", vec![3, 2, 1]),
        ("fromDate=2026-01-03", vec![3]),
        ("fromDate=2026-01-04", vec![]),
        ("toDate=2026-01-02", vec![2, 1]),
        ("toDate=2026-01-03", vec![3, 2, 1]),
        ("toDate=2026-01-01", vec![]),
        ("fromDate=2026-01-02&toDate=2026-01-02", vec![2, 1]),
        ("fromDate=2026-01-03&toDate=2026-01-02", vec![]),
        ("fromDate=1970-01-01&toDate=9999-12-31", vec![3, 2, 1]),
    ] {
        assert_eq!(ids(&api, query).await, found, "{query}");
    }
}

#[tokio::test]
async fn bad_values_are_refused_by_name() {
    let api = Api::start().await;
    for (query, code) in [
        ("rpp=101", "INVALID-RPP"),
        ("rpp=0", "INVALID-RPP"),
        ("rpp=-1", "INVALID-RPP"),
        ("rpp=ten", "INVALID-RPP"),
        ("page=0", "INVALID-PAGE"),
        ("page=x", "INVALID-PAGE"),
        ("page=4294967295&rpp=100", "INVALID-PAGE"),
        ("fromDate=2026-1-2", "INVALID-FROM-DATE"),
        ("fromDate=2026-02-30", "INVALID-FROM-DATE"),
        ("fromDate=2026-01-02T00:00:00Z", "INVALID-FROM-DATE"),
        ("fromDate=0000-01-01", "INVALID-FROM-DATE"),
        ("toDate=%2B10000-01-01", "INVALID-TO-DATE"),
        ("toDate=yesterday", "INVALID-TO-DATE"),
        ("symbol=AAAAAAAAAAAAAAAAA", "INVALID-SYMBOL"),
        ("network=%00", "INVALID-NETWORK"),
        ("result=GOOD", "INVALID-RESULT"),
        ("actionType=send", "INVALID-ACTION-TYPE"),
        ("oppositeVaspId=robot", "INVALID-OPPOSITE-VASP-ID"),
        ("cursor=x", "INVALID-CURSOR"),
    ] {
        api.get(&format!("{PATH}?{query}")).await.refuses(400, code);
    }
    for (name, code, limit) in [
        ("txHash", "INVALID-TX-HASH", 128),
        ("originatorAccountNumber", "INVALID-ORIGINATOR-ACCOUNT-NUMBER", 256),
        ("beneficiaryAccountNumber", "INVALID-BENEFICIARY-ACCOUNT-NUMBER", 256),
    ] {
        assert_eq!(api.get(&format!("{PATH}?{name}={}", "a".repeat(limit))).await.status, 200);
        api.get(&format!("{PATH}?{name}={}", "a".repeat(limit + 1))).await.refuses(400, code);
    }
}

#[tokio::test]
async fn a_cursor_that_was_touched_is_refused() {
    let api = Api::start().await;
    api.verification().await;
    api.verification().await;
    let cursor = list(&api, "rpp=1").await["nextCursor"].as_str().unwrap().to_owned();
    assert_eq!(ids(&api, &format!("rpp=1&cursor={cursor}")).await, [1]);
    for at in 0..cursor.len() {
        let mut touched = cursor.clone().into_bytes();
        touched[at] = if touched[at] == b'A' { b'B' } else { b'A' };
        let touched = String::from_utf8(touched).unwrap();
        api.get(&format!("{PATH}?cursor={touched}")).await.refuses(400, "INVALID-CURSOR");
    }
}

#[tokio::test]
async fn personal_data_takes_a_scope_of_its_own() {
    let api = Api::start().await;
    api.denied("because of Robbins").await;
    let key = api.make_key("verifications:read").await;
    let answer = api.get_as(&key, PATH).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.text().contains("Robbins"), "{}", answer.text());
    assert_eq!(answer.json()["verifications"][0]["message"], Value::Null);
    let key = api.make_key("verifications:read,personal-data:read").await;
    let record = api.get_as(&key, PATH).await.json()["verifications"][0].clone();
    assert_eq!(record["message"], "because of Robbins");
    assert!(record["ivms101Beneficiary"].as_str().unwrap().contains("Robbins"));
}
