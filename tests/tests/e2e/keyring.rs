//! The keys that seal at rest are rotated beside a running node, which nobody notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use serde_json::json;
use waybill_testkit::eventually;
use waybill_tests::{
    KeyringFile, Pair, Party, SOON, files_below, stderr, unique_hash, verification, waybill,
};

use crate::DATABASE;

/// A thread with withdrawals one after the other until told to stop: the operator's commands block this one.
fn load(ours: Party, stop: Arc<AtomicBool>) -> JoinHandle<Vec<String>> {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(withdrawals(ours, stop))
    })
}

/// None may fail. Gives their uuids.
async fn withdrawals(ours: Party, stop: Arc<AtomicBool>) -> Vec<String> {
    let mut uuids = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let uuid = ours.verify_until(&verification(), "VERIFIED").await;
        ours.report_transaction(&uuid, &unique_hash(), None).await.ok();
        uuids.push(uuid);
    }
    uuids
}

/// Every verification is shown whole, which takes every sealed column.
async fn all_open(ours: Party, uuids: &[String]) {
    for uuid in uuids {
        let record = ours.record(uuid).await;
        assert_eq!(record["result"], "VERIFIED");
        for column in
            ["ivms101Originator", "ivms101Beneficiary", "ivms101OriginatingVasp", "ivms101BeneficiaryVasp"]
        {
            assert!(record[column].is_string() || record[column].is_object(), "{column} of {record}");
        }
    }
}

/// Every key text that the file ever held is looked for in everything else that was written.
fn nothing_tells_keys(pair: &Pair, files: &[&KeyringFile], texts: &[String]) {
    let except: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
    let keys: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.split_once(':'))
        .map(|(_, key)| key)
        .collect();
    assert!(keys.len() >= 2);
    for file in files_below(pair.folder.path(), &[]) {
        let secrets = file.file_name().is_some_and(|name| name == "secrets.json"); // waybill dev made the first key
        if except.contains(&file) || secrets {
            continue;
        }
        let content = std::fs::read(&file).unwrap_or_default();
        for key in &keys {
            let found = content.windows(key.len()).any(|window| window == key.as_bytes());
            assert!(!found, "a key stands in {}", file.display());
        }
    }
}

/// The sandbox runs in this program, beside commands that block.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rotation_under_load_fails_no_request_and_leaves_nothing_under_the_old_key() {
    let mut pair = Pair::prepare(DATABASE).await;
    let file = pair.keyring_file("ours");
    pair.ours.start(&pair.folder, &[]).await;
    pair.robot.start(&pair.folder, &[]).await;
    let ours = pair.ours.party;
    let stop = Arc::new(AtomicBool::new(false));
    let load = [0, 1].map(|_| load(ours, Arc::clone(&stop)));
    let mut texts = vec![file.text()];

    assert!(file.keys(&["add"]).contains("k2 is in the file"));
    texts.push(file.text());
    file.keys(&["rotate"]);
    assert!(file.text().starts_with("k2:"));
    file.until_resealed("k2").await;
    let listed = file.keys(&["list"]);
    assert!(listed.contains("Everything was sealed again with k2"), "{listed}");
    file.keys(&["retire", "k1"]);
    assert!(!file.text().contains("k1:"));
    eventually("the node has let go of the key", SOON, async || {
        (file.list()["nodes"][0]["keys"] == json!(["k2"])).then_some(())
    })
    .await;

    stop.store(true, Ordering::Relaxed);
    let mut uuids = Vec::new();
    for thread in load {
        let done = tokio::task::spawn_blocking(|| thread.join()).await.expect("it is waited for");
        let mut logs = || format!("{}\n--\n{}", pair.ours.running().stderr(), pair.robot.running().stderr());
        uuids.extend(done.unwrap_or_else(|_| panic!("a request failed:\n{}", logs())));
    }
    assert!(uuids.len() > 4, "{}", uuids.len());
    assert_eq!(file.values("k1"), 0);
    all_open(ours, &uuids).await;
    let last = ours.verify_until(&verification(), "VERIFIED").await;
    uuids.push(last);

    pair.ours.stop().await;
    pair.ours.start(&pair.folder, &[]).await;
    all_open(ours, &uuids).await;
    assert_eq!(file.values("k1"), 0);
    nothing_tells_keys(&pair, &[&file], &texts);
}

#[tokio::test]
async fn refusals_are_clear_and_change_nothing() {
    let mut pair = Pair::prepare(DATABASE).await;
    let file = pair.keyring_file("ours");
    pair.ours.start(&pair.folder, &[]).await;
    let text = file.text();
    for (arguments, expected) in [
        (&["retire", "k1"][..], "seals; make another key the sealing one first"),
        (&["retire", "k9"], "the file has no key \"k9\""),
        (&["rotate", "k9"], "the file has no key \"k9\""),
        (&["add", "Upper"], "a-z, 0-9 and -"),
        (&["add", "k2", "--wrapped", "x"], "encryption.decrypt_url"),
    ] {
        let output = file.try_keys(arguments, &[]);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(stderr(&output).contains(expected), "{arguments:?}: {}", stderr(&output));
        assert_eq!(file.text(), text);
    }
    let settings = Pair::prepare(DATABASE).await;
    let config = settings.state().join("ours/waybill.toml").display().to_string();
    let output = waybill(&["keys", "add", "--config", &config], &settings.folder);
    assert!(stderr(&output).contains("the keys stand in encryption.keys"), "{}", stderr(&output));
}

#[tokio::test]
async fn a_broken_file_keeps_the_node_running_and_no_node_from_being_told() {
    let mut pair = Pair::prepare(DATABASE).await;
    let file = pair.keyring_file("ours");
    pair.ours.start(&pair.folder, &[]).await;
    pair.robot.start(&pair.folder, &[]).await;
    let (ours, good) = (pair.ours.party, file.text());
    let first = ours.verify_until(&verification(), "VERIFIED").await;
    file.write("k1:bm90IGEga2V5IGJ1dCBhIHNlY3JldA==\n");
    eventually("the node alarms", SOON, async || {
        pair.ours.running().stderr().contains("alarm=\"keyring\"").then_some(())
    })
    .await;
    let second = ours.verify_until(&verification(), "VERIFIED").await;
    all_open(ours, &[first, second]).await;
    assert!(!pair.ours.running().stderr().contains("bm90IGEg"), "the log holds no key");

    pair.ours.stop().await;
    let mut refused = waybill_testkit::Program::waybill("refused", &pair.folder)
        .args(["run".as_ref(), "--config".as_ref(), pair.state().join("ours/waybill.toml").as_os_str()])
        .start();
    assert_eq!(refused.wait_for_exit(SOON).await.code(), Some(1));
    let said = refused.stderr();
    assert!(said.contains("key 1 of the keyring is unusable") && !said.contains("bm90IGEg"), "{said}");
    file.write(&good);
    pair.ours.start(&pair.folder, &[]).await;
}
