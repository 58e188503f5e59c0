//! What operators are refused, and what they may do twice.

use waybill_keys::at_rest::operate::{self, Added, Retired, Ring, Rotated};
use waybill_store::StoreError;
use waybill_store::tables::audit;
use waybill_testkit::{MockClock, SeededEntropy, TestFolder};

use super::house::{K1, Node, SEALED, egress, settings, soon, store};

#[tokio::test]
async fn what_is_done_twice_is_done_once() {
    let folder = TestFolder::new();
    let node = Node::start(&folder, "a", 1, K1).await;
    node.until_resealed("k1").await;
    assert_eq!(node.add(None).await.unwrap(), Added::New("k2".to_owned()));
    let file = std::fs::read_to_string(node.file()).unwrap();
    assert_eq!(node.add(None).await.unwrap(), Added::Waiting("k2".to_owned()));
    assert_eq!(node.add(Some("k2")).await.unwrap(), Added::Known("k2".to_owned()));
    assert_eq!(std::fs::read_to_string(node.file()).unwrap(), file);

    node.until_ring(&["k1", "k2"]).await;
    let rotated = soon("it has told", async || node.rotate(None).await.ok()).await;
    assert_eq!(rotated, Rotated::Now("k2".to_owned()));
    assert_eq!(node.rotate(None).await.unwrap(), Rotated::Before("k2".to_owned()));
    node.until_resealed("k2").await;
    assert_eq!(node.retire("k1").await.unwrap(), Retired::Now);
    assert_eq!(node.retire("k1").await.unwrap(), Retired::Before);

    let entries = node.store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 10)));
    let entries: Vec<_> = entries.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    let mut told: Vec<_> =
        entries.iter().rev().map(|entry| (entry.event.as_str(), entry.subject.clone().unwrap())).collect();
    told.retain(|(event, _)| *event != "KEYRING-RESEALED");
    let expected = [("KEYRING-KEY-ADDED", "k2"), ("KEYRING-ROTATED", "k2"), ("KEYRING-KEY-RETIRED", "k1")];
    assert_eq!(told, expected.map(|(event, key)| (event, key.to_owned())));
    node.stop().await;
}

#[tokio::test]
async fn what_would_lose_values_is_refused() {
    let folder = TestFolder::new();
    let node = Node::start(&folder, "a", 1, K1).await;
    node.fill(0).await;
    let says = |outcome: Result<_, waybill_keys::at_rest::AtRestError>, part: &str| {
        let said = outcome.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.contains(part), "{said:?} does not say {part:?}");
    };
    says(node.retire("k1").await.map(drop), "seals; make another key the sealing one");
    says(node.retire("k7").await.map(drop), "no key \"k7\"");
    says(node.rotate(Some("k7")).await.map(drop), "no key \"k7\"");
    says(node.add(Some("K2")).await.map(drop), "a-z, 0-9 and -");

    node.add(None).await.unwrap();
    node.until_ring(&["k1", "k2"]).await;
    soon("it has told", async || node.rotate(None).await.ok()).await;
    node.until_resealed("k2").await;
    node.retire("k1").await.unwrap();
    says(node.add(Some("k1")).await.map(drop), "is or was the name of another key");
    assert_eq!(node.add(None).await.unwrap(), Added::New("k3".to_owned()));
    node.stop().await;
}

/// Each file would have a key of its own under one name, and no node could open what the other has sealed.
#[tokio::test]
async fn two_hosts_do_not_give_one_name_to_two_keys() {
    let folder = TestFolder::new();
    let (a, b) = (Node::start(&folder, "a", 1, K1).await, Node::start(&folder, "b", 2, K1).await);
    a.add(Some("k2")).await.unwrap();
    let before = std::fs::read_to_string(b.file()).unwrap();
    let refused = b.add(Some("k2")).await.unwrap_err().to_string();
    assert!(refused.contains("copy the file from there"), "{refused}");
    assert_eq!(std::fs::read_to_string(b.file()).unwrap(), before);
    assert_eq!(b.add(None).await.unwrap(), Added::New("k3".to_owned()));
    a.stop().await;
    b.stop().await;
}

#[tokio::test]
async fn a_key_is_not_retired_while_values_wait_for_a_node_to_seal_them_again() {
    let folder = TestFolder::new();
    let node = Node::start(&folder, "a", 1, K1).await;
    node.fill(0).await;
    node.add(None).await.unwrap();
    let settings = node.stop().await;
    let (store, clock) = (store(&folder).await, MockClock::default());
    let ring = Ring { settings: &settings };
    let rotated =
        operate::rotate(&ring, &store, &clock, None, false, std::time::Duration::ZERO).await.unwrap();
    assert_eq!(rotated, Rotated::Now("k2".to_owned()), "no node runs, so none lacks the key");
    let entropy = SeededEntropy::new(3).shared();
    let retired = operate::retire(&ring, &store, &egress(), &clock, entropy, "k1", true).await;
    let refused = retired.unwrap_err().to_string();
    let values = SEALED + 1; // and the key of fingerprints
    assert!(refused.contains(&format!("{values} stored values are still sealed with \"k1\"")), "{refused}");
    store.close().await;
}

#[tokio::test]
async fn keys_in_the_settings_are_listed_and_changed_by_hand() {
    let folder = TestFolder::new();
    let store = store(&folder).await;
    let settings = settings(&folder, "a", &[("ENCRYPTION__KEYRING_FILE", ""), ("ENCRYPTION__KEYS", K1)]);
    let ring = Ring { settings: &settings };
    assert_eq!(operate::overview(&ring, &store).await.unwrap().keys[0].name, "k1");
    let (clock, entropy) = (MockClock::default(), SeededEntropy::new(1));
    let refused = operate::add(&ring, &store, &egress(), &clock, &entropy, None, None).await.unwrap_err();
    assert!(refused.to_string().contains("encryption.keyring_file"), "{refused}");
    store.close().await;
}
