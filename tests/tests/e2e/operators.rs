//! The commands that operators run beside a node: callbacks and API keys.

use std::time::Duration;

use serde_json::Value;
use waybill_testkit::eventually;
use waybill_tests::{Answer, Pair, SOON, operate, verification};

use crate::DATABASE;

#[tokio::test]
async fn callbacks_are_listed_and_delivered_again() {
    let pair = Pair::start(DATABASE).await;
    let ours = pair.ours.party;
    let (uuid, other) = (ours.verify(&verification()).await, ours.verify(&verification()).await);
    for uuid in [&uuid, &other] {
        ours.backend.callback(uuid, "VERIFICATION_RESULT").await;
    }
    let list = || operate(&pair, &["callbacks", "list", "--verification", &uuid]);
    let done = async || Some(list()).filter(|list| list.contains("DONE"));
    let listed = eventually("the callback is done", SOON, done).await;
    let lines: Vec<&str> = listed.lines().collect();
    assert!(
        lines.len() == 2 && lines[1].contains("VERIFICATION_RESULT") && lines[1].contains("DELIVERED"),
        "{listed}"
    );
    assert_eq!(
        operate(&pair, &["callbacks", "list", "--dead"]).lines().count(),
        1,
        "nothing but the heading"
    );

    let id = lines[1].split_whitespace().next().unwrap();
    operate(&pair, &["callbacks", "replay", id]);
    let twice = async || Some(sent(&pair, &uuid).await).filter(|sent| sent.len() == 2);
    let sent_twice = eventually("the callback comes again", SOON, twice).await;
    assert_eq!(sent_twice[0]["body"], sent_twice[1]["body"]);
    let id_of = |entry: &Value| entry["headers"]["webhook-id"].clone();
    assert!(id_of(&sent_twice[0]).is_string());
    assert_eq!(id_of(&sent_twice[0]), id_of(&sent_twice[1]), "the receiver can tell that it is the same");
    assert_eq!(sent(&pair, &other).await.len(), 1, "the other one is left alone");
}

/// Journal entries of the callbacks about a verification.
async fn sent(pair: &Pair, uuid: &str) -> Vec<Value> {
    let mut entries = pair.ours.party.backend.journal("callback").await;
    entries.retain(|entry| entry["body"]["data"]["verificationUuid"] == uuid);
    entries
}

#[tokio::test]
async fn once_there_is_a_key_callers_need_one() {
    let pair = Pair::start(DATABASE).await;
    let api = pair.ours.party.api;
    let uuid = pair.ours.party.verify_until(&verification(), "VERIFIED").await;
    let path = format!("/v1/verifications/{uuid}");
    let reader = create(&pair, "reader", "verifications:read");
    let clerk = create(&pair, "clerk", "verifications:read,personal-data:read");

    eventually("the node notices the keys", SOON, async || {
        (api.get(&path).await.status == 401).then_some(())
    })
    .await;
    api.get(&path).await.is_refused(401, "UNAUTHORIZED");
    with_key(&pair, "not-a-key", &path).await.is_refused(401, "UNAUTHORIZED");
    api.get("/healthcheck").await.ok();

    let bare = with_key(&pair, &reader, &path).await.ok();
    assert_eq!((&bare["result"], &bare["ivms101Originator"]), (&"VERIFIED".into(), &Value::Null));
    assert!(with_key(&pair, &clerk, &path).await.ok()["ivms101Originator"].is_string());
    let bearer = format!("Bearer {reader}");
    let headers = [("authorization", bearer.as_str())];
    api.post_with("/v1/verifications", &headers, &verification()).await.is_refused(403, "FORBIDDEN");

    let listed = operate(&pair, &["api-keys", "list"]);
    assert!(!listed.contains(&reader) && !listed.contains(&clerk), "keys are shown once");
    let id = listed.lines().find(|line| line.contains("reader")).unwrap().split_whitespace().next().unwrap();
    operate(&pair, &["api-keys", "revoke", id]);
    eventually("the node notices that the key is revoked", Duration::from_secs(60), async || {
        (with_key(&pair, &reader, &path).await.status == 401).then_some(())
    })
    .await;
    with_key(&pair, &clerk, &path).await.ok();
}

fn create(pair: &Pair, name: &str, scopes: &str) -> String {
    operate(pair, &["api-keys", "create", "--name", name, "--scopes", scopes]).trim().to_owned()
}

async fn with_key(pair: &Pair, key: &str, path: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    pair.ours.party.api.send(http::Method::GET, path, &headers, "").await
}
