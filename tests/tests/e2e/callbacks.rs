//! Callbacks on their way: signed with both secrets while one replaces the other, in order, and given up in the end.

use serde_json::{Value, json};
use waybill_crypto::WebhookSecrets;
use waybill_testkit::eventually;
use waybill_tests::{Pair, Party, SOON, operate, stdout, to_us, unique_hash, verification, waybill};

use crate::DATABASE;

/// Journal entries of our callbacks, as soon as there are so many.
async fn sent(ours: Party, number: usize) -> Vec<Value> {
    eventually(&format!("{number} callbacks"), SOON, async || {
        Some(ours.backend.journal("callback").await).filter(|sent| sent.len() >= number)
    })
    .await
}

/// Type and verification of a callback.
fn name(entry: &Value) -> (&str, &str) {
    let body = &entry["body"];
    (body["callbackType"].as_str().unwrap(), body["data"]["verificationUuid"].as_str().unwrap())
}

/// What a receiver that knows one secret expects among the signatures.
fn signature(secret: &str, entry: &Value) -> String {
    let header = |name: &str| entry["headers"][name].as_str().unwrap();
    let timestamp = header("webhook-timestamp").parse().unwrap();
    let body = entry["body"].to_string();
    WebhookSecrets::parse(&[secret]).unwrap().sign(header("webhook-id"), timestamp, body.as_bytes())
}

#[tokio::test]
async fn while_a_secret_is_replaced_receivers_with_either_are_content() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.robot.start(&pair.folder, &[]).await;
    let ours = pair.ours.party;
    let secrets = std::fs::read(pair.state().join("ours/secrets.json")).unwrap();
    let secrets: Value = serde_json::from_slice(&secrets).unwrap();
    let old = secrets["callbackSecret"].as_str().unwrap();
    let new = stdout(&waybill(&["generate", "callback-secret"], &pair.folder));
    let new = new.trim();
    let both = [new, old].join(",");
    let (set, mut delivered) = ("WAYBILL__CALLBACK__SECRETS", 0);
    for (env, secrets) in
        [(vec![], vec![old]), (vec![(set, &*both)], vec![new, old]), (vec![(set, new)], vec![new])]
    {
        pair.ours.start(&pair.folder, &env).await;
        ours.verify(&verification()).await;
        delivered += 1;
        let entry = sent(ours, delivered).await.pop().unwrap();
        let expected: Vec<String> = secrets.iter().map(|secret| signature(secret, &entry)).collect();
        assert_eq!(entry["headers"]["webhook-signature"], expected.join(" "));
        pair.ours.stop().await;
    }
}

/// Both callbacks of one verification go to one backend when we send to ourselves.
#[tokio::test]
async fn a_failing_first_callback_holds_back_the_second_and_nobody_else() {
    let mut pair = Pair::prepare(DATABASE).await;
    pair.ours.start(&pair.folder, &[("WAYBILL__CALLBACK__RETRY_FIRST", "6s")]).await;
    let ours = pair.ours.party;
    let failing = json!({"mode": "error-503", "endpoint": "callback", "times": 1});
    ours.backend.switch(&failing).await;
    let held = ours.verify_until(&to_us(), "VERIFIED").await;
    sent(ours, 1).await;
    ours.report_transaction(&held, &unique_hash(), None).await.ok();
    let free = ours.verify_until(&to_us(), "VERIFIED").await;
    let all = sent(ours, 4).await;
    let names: Vec<_> = all.iter().map(name).collect();
    assert_eq!(
        names,
        [
            ("VERIFICATION_RESULT", &*held),
            ("VERIFICATION_RESULT", &*free),
            ("VERIFICATION_RESULT", &*held),
            ("TX_REPORT", &*held),
        ]
    );
    assert_eq!(all[0]["headers"]["webhook-id"], all[2]["headers"]["webhook-id"]);
    assert_eq!(all[0]["body"], all[2]["body"]);
    assert_ne!(all[2]["headers"]["webhook-id"], all[3]["headers"]["webhook-id"]);
}

#[tokio::test]
async fn a_callback_that_is_given_up_is_kept_and_can_be_delivered_later() {
    let mut pair = Pair::prepare(DATABASE).await;
    let impatient = [
        ("WAYBILL__CALLBACK__RETRY_FIRST", "200ms"),
        ("WAYBILL__CALLBACK__RETRY_MAX", "1s"),
        ("WAYBILL__CALLBACK__GIVE_UP_AFTER", "2s"),
        ("WAYBILL__PEERS__BREAKER_FAILURES", "100"),
    ];
    pair.ours.start(&pair.folder, &impatient).await;
    pair.robot.start(&pair.folder, &[]).await;
    let ours = pair.ours.party;
    let good = ours.verify(&verification()).await;
    ours.backend.callback(&good, "VERIFICATION_RESULT").await;
    ours.backend.switch(&json!({"mode": "error-503", "endpoint": "callback"})).await;
    let uuid = ours.verify(&verification()).await;
    let line = pair.ours.running().wait_for_line("alarm=\"dead-letter\"", SOON).await;
    assert!(!line.contains("Taylor"), "{line}");
    let refused = ours.backend.journal("callback").await;
    assert!(refused.len() > 2 && refused[1..].iter().all(|entry| name(entry).1 == uuid), "{refused:?}");

    let dead = operate(&pair, &["callbacks", "list", "--dead"]);
    let rows: Vec<Vec<&str>> = dead.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), 1, "{dead}");
    assert_eq!(rows[0][1..4], ["VERIFICATION_RESULT", &*uuid, "ERROR"]);
    assert_eq!(rows[0][4], (refused.len() - 1).to_string(), "attempts");

    ours.backend.behave().await;
    operate(&pair, &["callbacks", "replay", rows[0][0]]);
    let all = sent(ours, refused.len() + 1).await;
    let (first, last) = (&refused[1], &all[refused.len()]);
    assert_eq!(last["body"], first["body"]);
    assert_eq!(last["headers"]["webhook-id"], first["headers"]["webhook-id"]);
    eventually("it is delivered", SOON, async || {
        let list = operate(&pair, &["callbacks", "list", "--verification", &uuid]);
        list.lines().any(|line| line.contains("DONE") && line.contains("DELIVERED")).then_some(())
    })
    .await;
    assert_eq!(ours.backend.journal("callback").await.len(), all.len(), "once is enough");
}
