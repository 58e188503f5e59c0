//! Work that was given up is found, explained, handed out again and put away.

use serde_json::{Value, json};
use waybill_testkit::eventually;
use waybill_tests::{Pair, SOON, operate, refused, unique_hash, verification};

use crate::DATABASE;

const IMPATIENT: [(&str, &str); 5] = [
    ("WAYBILL__PEERS__REPORT_GIVE_UP_AFTER", "2s"),
    ("WAYBILL__PEERS__BREAKER_FAILURES", "1000"),
    ("WAYBILL__CALLBACK__RETRY_FIRST", "200ms"),
    ("WAYBILL__CALLBACK__RETRY_MAX", "1s"),
    ("WAYBILL__CALLBACK__GIVE_UP_AFTER", "2s"),
];

/// `waybill dead … --json` on our node.
fn dead(pair: &Pair, command: &[&str]) -> Value {
    let arguments = [&["dead"], command, &["--json"]].concat();
    serde_json::from_str(&operate(pair, &arguments)).unwrap()
}

async fn listed(pair: &Pair, kind: &str) -> Vec<Value> {
    eventually("it is given up", SOON, async || {
        let list = dead(pair, &["list", "--kind", kind]);
        let letters = list["deadLetters"].as_array().unwrap().clone();
        (!letters.is_empty()).then_some(letters)
    })
    .await
}

#[tokio::test]
async fn a_report_that_was_given_up_arrives_once_its_peer_is_back_and_it_is_redriven() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &IMPATIENT).await;
    pair.robot.start(&pair.folder, &[]).await;
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    robot.until(&uuid, "VERIFIED").await;
    pair.robot.stop().await;
    let tx_hash = unique_hash();
    ours.report_transaction(&uuid, &tx_hash, None).await.ok();

    let letters = listed(&pair, "REPORT_TX").await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(letters[0]["verificationUuid"], *uuid);
    assert!(letters[0]["reason"].as_str().unwrap().starts_with("given up: "), "{letters:?}");
    let id = letters[0]["id"].as_str().unwrap();
    let shown = dead(&pair, &["show", id]);
    assert_eq!((&shown["status"], &shown["verificationResult"]), (&json!("ERROR"), &json!("VERIFIED")));
    assert_eq!(shown["vasp"], robot.vasp_id.to_string());
    assert_eq!(shown["redrive"]["possible"], true);
    assert_eq!(shown["traceId"].as_str().map(str::len), Some(32), "{shown}");
    assert!(operate(&pair, &["dead", "list"]).contains("REPORT_TX"));
    assert!(operate(&pair, &["dead", "list", "--older-than", "1h"]).lines().count() == 1, "the heading only");

    pair.robot.start(&pair.folder, &[]).await;
    operate(&pair, &["dead", "redrive", id]);
    assert!(refused(&pair, &["dead", "redrive", id]).contains("it is not given up"), "exactly once");
    assert_eq!(robot.backend.callback(&uuid, "TX_REPORT").await["txHash"], tx_hash);
    eventually("it is done", SOON, async || (dead(&pair, &["show", id])["status"] == "DONE").then_some(()))
        .await;
    assert!(dead(&pair, &["show", id])["redrivenAt"].is_string());
    assert!(refused(&pair, &["dead", "drop", id, "--because", "no use"]).contains("its status is DONE"));
    assert_eq!(robot.backend.callbacks(&uuid).await.len(), 1, "once");
}

#[tokio::test]
async fn callbacks_that_were_given_up_are_redriven_together_and_dropped_with_a_reason() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &IMPATIENT).await;
    pair.robot.start(&pair.folder, &[]).await;
    let ours = pair.ours.party;
    ours.backend.switch(&json!({"mode": "error-503", "endpoint": "callback"})).await;
    let uuids = [ours.verify(&verification()).await, ours.verify(&verification()).await];
    eventually("both are given up", SOON, async || {
        (listed(&pair, "CALLBACK").await.len() == 2).then_some(())
    })
    .await;
    let first = dead(&pair, &["list", "--limit", "1"]);
    let (dropped, rest) =
        (first["deadLetters"][0]["id"].as_str().unwrap(), first["nextBefore"].as_str().unwrap());
    assert_eq!(dead(&pair, &["list", "--before", rest])["deadLetters"].as_array().unwrap().len(), 1);
    let empty = refused(&pair, &["dead", "drop", dropped, "--because", " "]);
    assert!(empty.contains("the reason must be one line"), "{empty}");
    operate(&pair, &["dead", "drop", dropped, "--because", "told by telephone"]);
    assert!(refused(&pair, &["dead", "redrive", dropped]).contains("it was dropped"));
    assert_eq!(dead(&pair, &["list", "--dropped"])["deadLetters"][0]["id"], dropped);
    assert!(refused(&pair, &["dead", "show", "4711"]).contains("no such command"));

    ours.backend.behave().await;
    let said = operate(&pair, &["dead", "redrive", "--all", "--kind", "CALLBACK"]);
    assert!(said.starts_with("1 will be handed out again"), "{said}");
    let told = first["deadLetters"][0]["verificationUuid"].as_str().unwrap();
    let other = uuids.iter().find(|uuid| **uuid != told).unwrap();
    ours.backend.callback(other, "VERIFICATION_RESULT").await;
    assert!(dead(&pair, &["list"])["deadLetters"].as_array().unwrap().is_empty());
}
