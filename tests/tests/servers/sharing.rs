//! Several nodes of one VASP on one database.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::json;
use waybill_testkit::eventually;
use waybill_tests::{Pair, SOON, no_command_is_left, unique_hash, verification};

use crate::DATABASE;
use crate::consistency::nothing_is_lost_or_doubled;
use crate::withdrawals::{PATIENCE, one};

#[tokio::test]
async fn two_nodes_take_requests_and_each_command_is_delivered_by_one() {
    let mut pair = Pair::start(DATABASE).await;
    let mut other = pair.another_of_ours();
    other.start(&pair.folder, &[]).await;
    let (ours, too) = (pair.ours.party, other.party);
    let withdrawals =
        join_all((0..20).map(|number| one(if number % 2 == 0 { ours } else { too }, number))).await;
    nothing_is_lost_or_doubled(&pair, &withdrawals).await;

    // Nothing failed, so nothing was sent twice: neither the question, nor the callbacks.
    for party in [ours, pair.robot.party] {
        for endpoint in ["verification", "callback"] {
            let journal = party.backend.journal(endpoint).await;
            let bodies: HashSet<String> = journal.iter().map(|entry| entry["body"].to_string()).collect();
            assert_eq!(bodies.len(), journal.len(), "{endpoint} of {}", party.vasp_id);
        }
    }
    let record = ours.record(&withdrawals[0].uuid).await;
    assert_eq!(too.record(&withdrawals[0].uuid).await, record, "either node tells the same");
    other.stop().await;
    pair.ours.stop().await;
}

#[tokio::test]
async fn the_second_node_goes_on_where_the_first_one_died() {
    let mut pair = Pair::start(DATABASE).await;
    let mut other = pair.another_of_ours();
    let ours = pair.ours.party;
    // The backend does not take the callback now, so that the first node dies with a command in hand.
    ours.backend.switch(&json!({"mode": "error-503", "endpoint": "callback"})).await;
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    eventually("a delivery fails", SOON, async || {
        (!ours.backend.journal("callback").await.is_empty()).then_some(())
    })
    .await;
    pair.ours.kill().await;
    ours.backend.behave().await;
    other.start(&pair.folder, &[]).await;
    let told = ours.backend.callback_within(&uuid, "VERIFICATION_RESULT", PATIENCE).await;
    assert_eq!(told["verificationResult"], "VERIFIED");
    other.party.report_transaction(&uuid, &unique_hash(), None).await.ok();
    no_command_is_left(&other.database, PATIENCE).await;
}

#[tokio::test]
async fn what_one_node_knows_of_a_request_holds_for_the_other() {
    let mut pair = Pair::start(DATABASE).await;
    let mut other = pair.another_of_ours();
    other.start(&pair.folder, &[]).await;
    let (ours, too) = (pair.ours.party, other.party);
    let key = [("idempotency-key", "one-and-the-same")];
    let request = verification();
    let (first, second) = tokio::join!(
        ours.api.post_with("/v1/verifications", &key, &request),
        too.api.post_with("/v1/verifications", &key, &request),
    );
    assert_eq!(first.ok(), second.ok(), "one verification, whichever node was quicker");
    assert_eq!(ours.list("").await.0, 1);
    too.api.post_with("/v1/verifications", &key, &json!({})).await.refusal();
    pair.ours.stop().await;
}
