//! The signed directory while a node runs and when it starts: taken up when it is new, refused when it is bad or old.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use waybill_testkit::{Program, eventually};
use waybill_tests::{
    Letter, Listener, Member, OUR_ADDRESS, OUR_ID, Pair, Party, ROBOT_ID, SOON, SignedDirectory,
    account_check, edit, edit_directory, to_us, unique_hash, verification,
};

use crate::DATABASE;
use crate::hostile_members::a_uuid;

const OFTEN: (&str, &str) = ("WAYBILL__DIRECTORY__REFRESH", "100ms");

/// The ids that `GET /v1/vasps` gives, in order.
async fn listed(party: Party) -> Vec<String> {
    let vasps = party.api.get("/v1/vasps").await.ok();
    let id = |vasp: &Value| vasp["vaspId"].as_str().unwrap().to_owned();
    let mut ids: Vec<String> = vasps["vasps"].as_array().unwrap().iter().map(id).collect();
    ids.sort_unstable();
    ids
}

async fn until_listed(party: Party, ids: &[&str]) {
    eventually(&format!("the members {ids:?}"), SOON, async || (listed(party).await == ids).then_some(()))
        .await;
}

#[tokio::test]
async fn a_new_member_and_a_new_key_are_known_without_a_restart() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &[OFTEN]).await;
    let (ours, joining) = (pair.ours.party, Member::new(77));
    let listener = Listener::of(ours, &pair.state());
    let ask = |identity| {
        let letter = joining.letter(&listener, "keys", &json!({"keyType": "PerVasp"}));
        Letter { identity, ..letter }
    };
    assert_eq!(listed(ours).await, [OUR_ID, ROBOT_ID]);
    ask(joining.identity.clone()).send().await.is_refused(403, "UNKNOWN-SENDER");

    edit_directory(&pair.state(), |members| members.push(joining.entry(&members[1])));
    until_listed(ours, &[OUR_ID, ROBOT_ID, "77"]).await;
    ask(joining.identity.clone()).send().await.ok();

    let rotated = Member { vasp_id: joining.vasp_id, ..Member::new(177) };
    edit_directory(&pair.state(), |members| members[2] = rotated.entry(&members[2]));
    eventually("the new key is known", SOON, async || {
        (ask(rotated.identity.clone()).send().await.status == 200).then_some(())
    })
    .await;
    ask(joining.identity.clone()).send().await.is_refused(401, "IDENTITY-KEY-NOT-VALID");
    pair.ours.stop().await;
}

/// What an attacker, or an accident, may put in the place of the directory; and what the node says of it.
fn bad_ones(directory: &SignedDirectory) -> Vec<(&'static str, String)> {
    let (good, document) = (std::fs::read_to_string(directory.file()).unwrap(), directory.document());
    let version = document["version"].as_u64().unwrap();
    let without_robot = |version: u64| {
        let members = json!([document["members"][0]]);
        edit(edit(document.clone(), "members", members), "version", json!(version))
    };
    let signed = |version, signer| SignedDirectory::signed(&without_robot(version), signer);
    let (operator, stranger) = (directory.operator(), Member::new(1).identity);
    let inside = json!(URL_SAFE_NO_PAD.encode(without_robot(version + 1).to_string()));
    vec![
        ("was accepted before", signed(version - 1, &operator)),
        ("and other content", signed(version, &operator)),
        ("the trust root is", signed(version + 1, &stranger)),
        ("signature is wrong", edit(serde_json::from_str(&good).unwrap(), "document", inside).to_string()),
        ("not a signed directory", good[..good.len() / 2].to_owned()),
    ]
}

#[tokio::test]
async fn an_older_a_forged_and_a_damaged_directory_change_nothing() {
    let mut pair = Pair::prepare(DATABASE).await;
    let directory = SignedDirectory::of(&pair.state());
    let next = edit(directory.next(), "members", json!([directory.document()["members"][0]]));
    pair.ours.start(&pair.folder, &[OFTEN]).await;
    let ours = pair.ours.party;
    for (why, content) in bad_ones(&directory) {
        directory.replace(content);
        let line = pair.ours.running().wait_for_line(why, SOON).await;
        assert!(line.contains("alarm=\"directory\"") && line.contains("the last good one stays"), "{line}");
        assert_eq!(listed(ours).await, [OUR_ID, ROBOT_ID], "{why}");
    }
    directory.publish(&next);
    until_listed(ours, &[OUR_ID]).await;
    pair.ours.stop().await;
}

#[tokio::test]
async fn an_expired_directory_stops_new_verifications_and_nothing_else() {
    let mut pair = Pair::prepare(DATABASE).await;
    let state = pair.state();
    let directory = SignedDirectory::of(&state).copied_to(state.join("operator/ours.json"));
    pair.edit_settings("ours", "operator/directory.json", "operator/ours.json");
    pair.ours.start(&pair.folder, &[OFTEN]).await;
    pair.robot.start(&pair.folder, &[]).await;
    let (ours, robot) = (pair.ours.party, pair.robot.party);
    let before = ours.verify_until(&verification(), "VERIFIED").await;

    let asking = Member::new(77);
    let mut expired = edit(directory.next(), "issuedAt", json!("2026-01-01T00:00:00.000Z"));
    expired["expiresAt"] = json!("2026-01-01T00:00:01.000Z");
    let entry = asking.entry(&expired["members"][1]);
    expired["members"].as_array_mut().unwrap().push(entry);
    directory.publish(&expired);
    let line = pair.ours.running().wait_for_line("directory-expired", SOON).await;
    assert!(line.contains("alarm=\"directory-expired\""), "{line}");

    ours.api.post("/v1/verifications", &verification()).await.is_refused(503, "DIRECTORY-EXPIRED");
    ours.check_account(&account_check()).await.is_refused(503, "DIRECTORY-EXPIRED");
    let listener = Listener::of(ours, &state);
    let question = asking.question(&listener, a_uuid(), &to_us()["payload"]).await;
    question.send().await.is_refused(503, "DIRECTORY-EXPIRED");
    let waiting = robot.verify(&to_us()).await;
    // Others are answered, and what was begun goes on.
    let check = edit(account_check(), "beneficiaryVaspId", json!(OUR_ID));
    let check = edit(check, "payload.ivms101.beneficiary.accountNumber", json!([OUR_ADDRESS]));
    assert_eq!(robot.check_account(&check).await.ok()["accountVerificationResult"], "VERIFIED");
    assert_eq!(listed(ours).await, [OUR_ID, ROBOT_ID, "77"]);
    let tx_hash = unique_hash();
    ours.report_transaction(&before, &tx_hash, None).await.ok();
    assert_eq!(robot.backend.callback(&before, "TX_REPORT").await["txHash"], tx_hash);
    assert_eq!(robot.inquire(&before).await.ok()["verificationUuid"], before);

    assert_eq!(robot.record(&waiting).await["result"], "WAIT");
    assert_eq!(ours.list("").await.0, 1, "nothing new was stored");
    let document = SignedDirectory::of(&state).document();
    let later = json!(directory.document()["version"].as_u64().unwrap() + 1);
    directory.publish(&edit(document, "version", later));
    robot.until(&waiting, "VERIFIED").await;
    ours.verify_until(&verification(), "VERIFIED").await;
}

#[tokio::test]
async fn a_restart_takes_the_last_good_copy_and_never_an_older_one() {
    let mut pair = Pair::prepare(DATABASE).await;
    let directory = SignedDirectory::of(&pair.state());
    let older = std::fs::read(directory.file()).unwrap();
    edit_directory(&pair.state(), |members| members.push(Member::new(77).entry(&members[1])));
    let all = [OUR_ID, ROBOT_ID, "77"];
    pair.ours.start(&pair.folder, &[]).await;
    assert_eq!(listed(pair.ours.party).await, all);
    pair.ours.stop().await;

    std::fs::remove_file(directory.file()).unwrap();
    for (why, older) in [("cannot read", None), ("was accepted before", Some(&older))] {
        if let Some(older) = older {
            directory.replace(older);
        }
        pair.ours.start(&pair.folder, &[]).await;
        let line = pair.ours.running().wait_for_line(why, SOON).await;
        assert!(line.contains("alarm=\"directory\"") && line.contains("trying the last good copy"), "{line}");
        assert_eq!(listed(pair.ours.party).await, all, "{why}");
        pair.ours.stop().await;
    }

    std::fs::write(pair.state().join("ours/directory.last-good.json"), &older).unwrap();
    let config = pair.state().join("ours/waybill.toml").display().to_string();
    let mut fooled = Program::waybill("fooled", &pair.folder).args(["run", "--config", &config]).start();
    assert_eq!(fooled.wait_for_exit(SOON).await.code(), Some(1));
    assert!(fooled.stderr().contains("there is no good copy"), "{}", fooled.stderr());
}
