//! An identity key takes the place of another while both nodes work, and keys that are not valid prove nothing.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use waybill_crypto::IdentityKey;
use waybill_domain::{Clock as _, format_time};
use waybill_runtime::{SystemClock, SystemEntropy};
use waybill_store::tables::audit;
use waybill_store::{Store, StoreError};
use waybill_testkit::eventually;
use waybill_tests::{
    Letter, Listener, Member, Pair, Party, SOON, SignedDirectory, account_check, edit_directory, to_us,
    unique_hash, verification,
};

use crate::DATABASE;

const OFTEN: (&str, &str) = ("WAYBILL__DIRECTORY__REFRESH", "100ms");
const LANES: usize = 3;

/// A key in the directory, valid between these two, in seconds from now.
fn entry(key: &IdentityKey, from: i64, until: i64) -> Value {
    let at = |seconds| format_time(SystemClock.now() + TimeDelta::seconds(seconds));
    json!({
        "keyId": key.key_id(), "publicKey": key.verifying_key().to_string(),
        "notBefore": at(from), "notAfter": at(until),
    })
}

/// Account checks and whole withdrawals, one after the other, each counted.
async fn work(party: Party, request: Value, done: Arc<AtomicUsize>) {
    loop {
        party.check_account(&account_check_of(&request)).await.ok();
        let uuid = party.verify_until(&request, "VERIFIED").await;
        party.report_transaction(&uuid, &unique_hash(), None).await.ok();
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Waits until each lane has done two more: the second was begun after the call.
async fn two_more(lanes: &[Arc<AtomicUsize>]) {
    let before: Vec<usize> = lanes.iter().map(|done| done.load(Ordering::Relaxed)).collect();
    eventually("every lane goes on", 4 * SOON, async || {
        let further =
            |(lane, before): (&Arc<AtomicUsize>, &usize)| lane.load(Ordering::Relaxed) >= before + 2;
        lanes.iter().zip(&before).all(further).then_some(())
    })
    .await;
}

/// A check of the account that a verification is about.
fn account_check_of(request: &Value) -> Value {
    let mut check = account_check();
    if request["beneficiaryVaspId"] != check["beneficiaryVaspId"] {
        check["beneficiaryVaspId"] = request["beneficiaryVaspId"].clone();
        check["payload"]["ivms101"]["beneficiary"]["accountNumber"] =
            request["payload"]["ivms101"]["beneficiary"]["accountNumber"].clone();
    }
    check
}

/// The codes of the refusals in the audit of a node that is down.
async fn refused(pair: &Pair, vasp: &str) -> Vec<String> {
    let node = if vasp == "ours" { &pair.ours } else { &pair.robot };
    let store = Store::open(&node.database.options()).await.unwrap();
    let rows: Result<_, StoreError> =
        store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 10_000))).await;
    store.close().await;
    rows.unwrap().into_iter().filter(|row| row.event == "PEER-REFUSED").map(|row| row.detail).collect()
}

async fn signs_with(party: Party, asking: &Member, state: &Path, key: &IdentityKey) {
    let listener = Listener::of(party, state).with_key(key.verifying_key());
    eventually(&format!("{} signs with {}", party.vasp_id, key.key_id()), SOON, async || {
        asking.letter(&listener, "keys", &json!({"keyType": "PerVasp"})).try_send().await.map(drop)
    })
    .await;
}

/// Both nodes change their keys while messages go both ways, and no message is refused.
#[tokio::test]
async fn keys_are_rotated_under_load_and_no_message_is_refused() {
    let mut pair = Pair::prepare(DATABASE).await;
    let (state, asking) = (pair.state(), Member::new(77));
    let new = [IdentityKey::generate(&SystemEntropy), IdentityKey::generate(&SystemEntropy)];
    edit_directory(&state, |members| members.push(asking.entry(&members[1])));
    for (node, key) in [&mut pair.ours, &mut pair.robot].into_iter().zip(&new) {
        let next = key.to_text();
        let env =
            [OFTEN, ("WAYBILL__IDENTITY__NEXT_KEY", &**next), ("WAYBILL__IDENTITY__SWITCH_AFTER", "2s")];
        node.start(&pair.folder, &env).await;
    }
    let (ours, robot) = (pair.ours.party, pair.robot.party);

    let done: Vec<_> = (0..2 * LANES).map(|_| Arc::new(AtomicUsize::new(0))).collect();
    let lanes = join_all(done.iter().enumerate().map(|(lane, done)| {
        let (party, request) = if lane % 2 == 0 { (ours, verification()) } else { (robot, to_us()) };
        work(party, request, Arc::clone(done))
    }));
    let rotation = async {
        two_more(&done).await;
        // The new ones are listed beside the old ones, valid at once.
        edit_directory(&state, |members| {
            for (member, key) in members.iter_mut().zip(&new) {
                member["identityKeys"].as_array_mut().unwrap().push(entry(key, -60, 86_400));
            }
        });
        signs_with(ours, &asking, &state, &new[0]).await;
        signs_with(robot, &asking, &state, &new[1]).await;
        two_more(&done).await;
        // And the old ones go.
        edit_directory(&state, |members| {
            for (member, key) in members.iter_mut().zip(&new) {
                member["identityKeys"] = json!([entry(key, -60, 86_400)]);
            }
        });
        two_more(&done).await;
    };
    tokio::select! {
        _ = lanes => unreachable!("lanes have no end"),
        () = rotation => {}
    }
    pair.ours.stop().await;
    pair.robot.stop().await;
    for vasp in ["ours", "robot"] {
        assert_eq!(refused(&pair, vasp).await, Vec::<String>::new(), "{vasp}");
    }

    // The new key takes the place of the old one in the settings, and nothing else is to be done.
    for (vasp, key) in ["ours", "robot"].into_iter().zip(&new) {
        let settings = std::fs::read_to_string(state.join(vasp).join("waybill.toml")).unwrap();
        let old = settings.split("[identity]\nkey = \"").nth(1).unwrap().split('"').next().unwrap();
        pair.edit_settings(vasp, old, &key.to_text());
    }
    pair.ours.start(&pair.folder, &[OFTEN]).await;
    pair.robot.start(&pair.folder, &[OFTEN]).await;
    ours.verify_until(&verification(), "VERIFIED").await;
}

#[tokio::test]
async fn only_keys_that_are_valid_now_prove_anything() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &[OFTEN]).await;
    let (state, member) = (pair.state(), Member::new(77));
    let listener = Listener::of(pair.ours.party, &state);
    let [valid, other, expired, early, removed] = [2, 3, 4, 5, 6].map(|seed| Member::new(seed).identity);
    let ask = async |identity: &IdentityKey| {
        let letter = member.letter(&listener, "keys", &json!({"keyType": "PerVasp"}));
        Letter { identity: identity.clone(), ..letter }.send().await
    };
    edit_directory(&state, |members| {
        let mut joining = member.entry(&members[1]);
        joining["identityKeys"] = json!([entry(&removed, -60, 3600)]);
        members.push(joining);
    });
    eventually("the key is known", SOON, async || (ask(&removed).await.status == 200).then_some(())).await;
    edit_directory(&state, |members| {
        members[2]["identityKeys"] = json!([
            entry(&valid, -60, 3600),
            entry(&other, -3600, 7200),
            entry(&expired, -3600, -1),
            entry(&early, 3600, 7200),
        ]);
    });
    eventually("the new keys are known", SOON, async || (ask(&valid).await.status == 200).then_some(()))
        .await;
    ask(&other).await.ok();
    for refused in [&expired, &early, &removed] {
        ask(refused).await.is_refused(401, "IDENTITY-KEY-NOT-VALID");
    }
    pair.ours.stop().await;
}

#[tokio::test]
async fn a_node_whose_key_the_directory_does_not_list_says_so_at_the_start_and_later() {
    let mut pair = Pair::prepare(DATABASE).await;
    let state = pair.state();
    let own = SignedDirectory::of(&state).document()["members"][0]["identityKeys"].clone();
    let stranger = Member::new(79).identity;
    edit_directory(&state, |members| members[0]["identityKeys"] = json!([entry(&stranger, -60, 3600)]));
    pair.ours.start(&pair.folder, &[OFTEN]).await;
    let line = pair.ours.running().wait_for_line("alarm=\"identity-key\"", SOON).await;
    assert!(line.contains("have the alliance's operator add the public key"), "{line}");
    // Listed again, it falls silent; and it speaks up when the key runs out.
    edit_directory(&state, |members| members[0]["identityKeys"] = own);
    eventually("the directory is read", SOON, async || {
        let vasps = pair.ours.party.api.get("/v1/vasps").await;
        (vasps.status == 200).then_some(())
    })
    .await;
    edit_directory(&state, |members| {
        members[0]["identityKeys"][0]["notAfter"] =
            json!(format_time(SystemClock.now() - TimeDelta::seconds(1)));
    });
    let line = pair.ours.running().wait_for_line("expired on", SOON).await;
    assert!(line.contains("alarm=\"identity-key\"") && line.contains("list a new one"), "{line}");
    pair.ours.stop().await;
}
