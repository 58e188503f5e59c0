//! Nobody answers in time: the originator decides, and both sides end alike as soon as they can talk again.

use std::time::Duration;

use serde_json::{Value, json};
use waybill_testkit::eventually;
use waybill_tests::{
    Pair, Party, edit, give_up, kinds_left, no_command_is_left, none_left_but_given_up, operate, refused,
    unique_hash, verification,
};

use crate::DATABASE;

/// What is short here: the deadline, and the pause after a counterparty was down.
const SHORT: [(&str, &str); 2] =
    [("WAYBILL__VERIFICATION__DEADLINE", "3s"), ("WAYBILL__PEERS__BREAKER_OPEN", "1s")];
/// The other side waits as long again before it is told anew.
const PATIENCE: Duration = Duration::from_secs(60);

/// The originator's backend is told, once, that there is no answer; the transfer cannot go on.
async fn is_over(ours: Party, uuid: &str) {
    let told = ours.backend.callback(uuid, "VERIFICATION_RESULT").await;
    assert_eq!((&told["verificationResult"], &told["reason"]), (&json!("ERROR"), &json!("REQUEST-TIMEOUT")));
    ended_in_time(&ours.until(uuid, "ERROR").await);
    let late = ours.report_transaction(uuid, &unique_hash(), None).await;
    late.is_refused(409, "VERIFICATION-NOT-VERIFIED");
    assert_eq!(ours.backend.callbacks(uuid).await.len(), 1);
}

fn ended_in_time(record: &Value) {
    assert_eq!(record["reason"], "REQUEST-TIMEOUT", "{record}");
}

async fn nothing_is_left(pair: &Pair) {
    for node in [&pair.ours, &pair.robot] {
        no_command_is_left(&node.database, PATIENCE).await;
    }
}

#[tokio::test]
async fn a_backend_that_never_answers() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &SHORT).await;
    pair.robot.start(&pair.folder, &[]).await;
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    robot.backend.switch(&json!({"mode": "down", "endpoint": "verification"})).await;
    let uuid = ours.verify(&edit(verification(), "keyType", json!("PerVerification"))).await;
    is_over(ours, &uuid).await;
    ended_in_time(&robot.until(&uuid, "ERROR").await);
    nothing_is_left(&pair).await;
}

#[tokio::test]
async fn a_node_that_is_down_and_comes_back() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &SHORT).await;
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    let uuid = ours.verify(&verification()).await;
    is_over(ours, &uuid).await;
    let left = kinds_left(&pair.ours.database).await;
    assert!(left.contains(&"NOTIFY_EXPIRY".to_owned()), "{left:?}");

    pair.robot.start(&pair.folder, &[]).await;
    nothing_is_left(&pair).await; // so the robot acknowledged the end of what it never saw
    assert_eq!(robot.list("").await.0, 0);
    assert!(robot.backend.bodies("verification", &uuid).await.is_empty(), "it is not asked any more");
    assert_eq!(ours.backend.callbacks(&uuid).await.len(), 1);
}

/// It has the question, dies, and asks its backend after the originator gave up.
#[tokio::test]
async fn a_node_that_dies_with_the_question_and_comes_back() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &SHORT).await;
    pair.robot.start(&pair.folder, &[("WAYBILL__LISTENER__INLINE_ANSWER_BUDGET", "0s")]).await;
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    robot.backend.switch(&json!({"mode": "down", "endpoint": "verification"})).await;
    let uuid = ours.verify(&verification()).await;
    robot.until(&uuid, "WAIT").await;
    pair.robot.kill().await;
    is_over(ours, &uuid).await;

    robot.backend.behave().await;
    pair.robot.start(&pair.folder, &[]).await;
    eventually("the robot's copy ends like ours", PATIENCE, async || {
        let answer = robot.api.get(&format!("/v1/verifications/{uuid}")).await.ok();
        (answer["result"] == "ERROR").then_some(())
    })
    .await;
    ended_in_time(&robot.record(&uuid).await);
    nothing_is_left(&pair).await;
    assert_eq!(ours.record(&uuid).await["result"], "ERROR", "an answer that is late changes nothing");
    assert_eq!(ours.backend.callbacks(&uuid).await.len(), 1);
}

/// Whatever made the node give the question up, nobody asks it any more: the deadline counts all the same.
#[tokio::test]
async fn a_question_that_was_given_up() {
    let mut pair = Pair::prepare(DATABASE).await;
    let env = [
        ("WAYBILL__VERIFICATION__DEADLINE", "8s"),
        ("WAYBILL__PEERS__BREAKER_OPEN", "1s"),
        ("WAYBILL__HEALTH__POLL_INTERVAL", "500ms"),
    ];
    pair.ours.start(&pair.folder, &env).await;
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    let uuid = ours.verify(&verification()).await; // the robot is down
    let id = give_up(&pair.ours.database, "VERIFY", &uuid).await.to_string();
    let said = refused(&pair, &["dead", "drop", &id, "--because", "no use"]);
    assert!(said.contains("its verification still waits"), "{said}");
    is_over(ours, &uuid).await;

    pair.robot.start(&pair.folder, &[]).await;
    let given_up = none_left_but_given_up(&pair.ours.database, PATIENCE).await;
    assert_eq!(given_up.len(), 1, "the robot took the notice, and operators see the rest: {given_up:?}");
    let said = refused(&pair, &["dead", "redrive", &id]);
    assert!(said.contains("the verification has moved on: it is ERROR"), "{said}");
    operate(&pair, &["dead", "drop", &id, "--because", "the robot was down"]);
    assert_eq!(robot.list("").await.0, 0);
    assert_eq!(ours.backend.callbacks(&uuid).await.len(), 1);
}
