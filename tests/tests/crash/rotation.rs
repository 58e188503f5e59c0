//! The node, or the operator's command, dies in the middle of a rotation.

use std::os::unix::process::ExitStatusExt as _;

use waybill_tests::{KeyringFile, Pair, verification};

use crate::DATABASE;
use crate::withdrawals::PATIENCE;

const SIGABRT: i32 = 6;

/// Our node down, its keys in a file, some verifications in its database.
async fn filled() -> (Pair, KeyringFile, Vec<String>) {
    let mut pair = Pair::prepare(DATABASE).await;
    let file = pair.keyring_file("ours");
    pair.ours.start(&pair.folder, &[]).await;
    pair.robot.start(&pair.folder, &[]).await;
    let mut uuids = Vec::new();
    for _ in 0..6 {
        uuids.push(pair.ours.party.verify_until(&verification(), "VERIFIED").await);
    }
    file.until_resealed("k1").await;
    pair.ours.stop().await;
    (pair, file, uuids)
}

async fn all_open_under_k2(pair: &Pair, file: &KeyringFile, uuids: &[String]) {
    file.until_resealed("k2").await;
    assert_eq!(file.values("k1"), 0);
    for uuid in uuids {
        assert_eq!(pair.ours.party.record(uuid).await["result"], "VERIFIED");
    }
}

/// One row in each step, so that the node dies between rows; it dies again at every start until it gets through.
async fn the_node_dies_at(place: &str) {
    let (mut pair, file, uuids) = filled().await;
    file.keys(&["add"]);
    file.keys(&["rotate"]);
    let small = ("WAYBILL__ENCRYPTION__RESEAL_BATCH", "1");
    for _ in 0..3 {
        pair.ours.start(&pair.folder, &[("WAYBILL_FAILPOINT", place), small]).await;
        let ended = pair.ours.running().wait_for_exit(PATIENCE).await;
        assert_eq!(ended.signal(), Some(SIGABRT), "{place} was passed and the node died of it: {ended}");
        if place == "reseal.finished" {
            break; // passed once
        }
    }
    pair.ours.start(&pair.folder, &[small]).await;
    all_open_under_k2(&pair, &file, &uuids).await;
    file.keys(&["retire", "k1"]);
    for uuid in &uuids {
        assert_eq!(pair.ours.party.record(uuid).await["result"], "VERIFIED");
    }
    pair.ours.stop().await;
}

#[tokio::test]
async fn before_storing_what_was_sealed_again() {
    the_node_dies_at("reseal.sealed:4").await;
}

#[tokio::test]
async fn after_storing_what_was_sealed_again() {
    the_node_dies_at("reseal.stored:3").await;
}

#[tokio::test]
async fn after_the_last_pass() {
    the_node_dies_at("reseal.finished").await;
}

#[tokio::test]
async fn the_operators_commands_are_cut_off_and_given_again() {
    let (mut pair, file, uuids) = filled().await;
    pair.ours.start(&pair.folder, &[]).await;
    file.keys(&["add"]);
    let cut_off = file.try_keys(&["rotate"], &[("WAYBILL_FAILPOINT", "keys.rotated")]);
    assert_eq!(cut_off.status.signal(), Some(SIGABRT));
    file.keys(&["rotate"]);
    all_open_under_k2(&pair, &file, &uuids).await;
    let cut_off = file.try_keys(&["retire", "k1"], &[("WAYBILL_FAILPOINT", "keys.retired")]);
    assert_eq!(cut_off.status.signal(), Some(SIGABRT));
    assert!(file.text().contains("k1:"), "nothing is half done");
    file.keys(&["retire", "k1"]);
    assert!(!file.text().contains("k1:"));
    all_open_under_k2(&pair, &file, &uuids).await;
    pair.ours.stop().await;
}
