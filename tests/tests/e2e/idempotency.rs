//! `Idempotency-Key` on `POST /v1/verifications`.

use futures_util::future::join_all;
use serde_json::{Value, json};
use waybill_tests::{Answer, edit, unique, verification};

use crate::dev;

async fn post(key: &str, request: &Value) -> Answer {
    dev().await.ours.api.post_with("/v1/verifications", &[("idempotency-key", key)], request).await
}

async fn stored(request: &Value) -> u64 {
    let account = request["payload"]["ivms101"]["originator"]["accountNumber"][0].as_str().unwrap();
    dev().await.ours.list(&format!("originatorAccountNumber={account}")).await.0
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_answer() {
    let (key, request) = (unique("key"), verification());
    let first = post(&key, &request).await.ok();
    for _ in 0..2 {
        assert_eq!(post(&key, &request).await.ok(), first);
    }
    assert_eq!(stored(&request).await, 1);
}

#[tokio::test]
async fn twenty_at_once_make_one_verification() {
    let (key, request) = (unique("key"), verification());
    let calls = join_all((0..20).map(|_| post(&key, &request))).await;
    let answers: Vec<Value> = calls.iter().map(Answer::ok).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(stored(&request).await, 1);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let (key, request) = (unique("key"), verification());
    post(&key, &request).await.ok();
    let other = edit(request.clone(), "assetInfo.amount", json!("1.6"));
    post(&key, &other).await.is_refused(409, "IDEMPOTENCY-KEY-REUSED");
    assert_eq!(stored(&request).await, 1);
}

#[tokio::test]
async fn without_a_key_each_request_is_its_own() {
    let request = verification();
    let ours = dev().await.ours;
    assert_ne!(ours.verify(&request).await, ours.verify(&request).await);
    assert_eq!(stored(&request).await, 2);
}

#[tokio::test]
async fn a_refusal_leaves_the_key_free() {
    let (key, request) = (unique("key"), verification());
    post(&key, &edit(request.clone(), "assetInfo.amount", json!("much")))
        .await
        .is_refused(400, "INVALID-AMOUNT");
    post(&key, &request).await.ok();
}
