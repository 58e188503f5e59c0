//! A key is retired when nobody needs it, and nothing is sealed with it afterwards.

use waybill_keys::at_rest::AtRestError;
use waybill_keys::at_rest::operate::{self, Retired, Ring};
use waybill_store::StoreError;
use waybill_store::tables::keyring::resealing;
use waybill_testkit::{MockClock, SeededEntropy, TestFolder};

use super::house::{
    K1, K2_KEY, Node, SEALED, egress, fill_store, settings, soon, store, vault, write_private,
};

fn both() -> String {
    format!("{K1}\nk2:{K2_KEY}\n")
}

/// A node that has sealed everything again with `k2`.
async fn rotated(folder: &TestFolder) -> Node {
    let node = Node::start(folder, "a", 1, &both()).await;
    node.fill(0).await;
    soon("it has told", async || node.rotate(Some("k2")).await.ok()).await;
    node.until_resealed("k2").await;
    node
}

/// It was sealed before the rotation, and its transaction had to wait.
#[tokio::test]
async fn a_value_that_comes_late_keeps_its_key_and_is_sealed_again() {
    let folder = TestFolder::new();
    let node = rotated(&folder).await;
    fill_store(&node.store, &vault(K1), 1).await;
    let refused = node.retire_with("k1", true).await.unwrap_err().to_string();
    assert!(
        refused.contains(&format!("{SEALED} stored values")) && refused.contains("some came late"),
        "{refused}"
    );
    soon("it is found", async || node.retire("k1").await.ok()).await;
    node.until_ring(&["k2"]).await;
    node.opens(0).await;
    node.opens(1).await;
    node.stop().await;
}

/// Nothing names it any more; but something may be on its way.
#[tokio::test]
async fn it_stays_until_sealing_again_is_finished() {
    let folder = TestFolder::new();
    let settings = rotated(&folder).await.stop().await;
    let store = store(&folder).await;
    let begun_anew = store.write("test", (), |tx, ()| Box::pin(resealing::forget(tx, "k2")));
    begun_anew.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    let (ring, clock) = (Ring { settings: &settings }, MockClock::default());
    let retire = async || {
        let entropy = SeededEntropy::new(3).shared();
        operate::retire(&ring, &store, &egress(), &clock, entropy, "k1", false).await
    };
    let refused = retire().await.unwrap_err().to_string();
    assert!(refused.contains("sealing again with \"k2\" is not finished"), "{refused}");
    let node = Node::start_with(&folder, settings.clone(), 2).await.unwrap();
    node.until_resealed("k2").await;
    assert_eq!(retire().await.unwrap(), Retired::Now);
    node.stop().await;
    store.close().await;
}

/// It was down when the others rotated, and its file is as it was.
#[tokio::test]
async fn a_node_that_would_seal_with_it_does_not_start() {
    let folder = TestFolder::new();
    let node = rotated(&folder).await;
    node.retire("k1").await.unwrap();
    let other = settings(&folder, "b", &[]);
    write_private(other.encryption.keyring_file.as_ref().unwrap(), &both());
    let refused = Node::start_with(&folder, other.clone(), 2).await.err().unwrap();
    assert!(matches!(&refused, AtRestError::Retired(name) if name == "k1"), "{refused}");
    assert!(refused.to_string().contains("the keyring that they have"), "{refused}");
    write_private(other.encryption.keyring_file.as_ref().unwrap(), &format!("k2:{K2_KEY}\n{K1}\n"));
    Node::start_with(&folder, other, 3).await.unwrap().stop().await;
    node.stop().await;
}

#[tokio::test]
async fn a_running_node_does_not_go_back_to_it() {
    let folder = TestFolder::new();
    let node = rotated(&folder).await;
    node.retire("k1").await.unwrap();
    node.until_ring(&["k2"]).await;
    write_private(&node.file(), &both());
    tokio::time::sleep(20 * node.settings.encryption.keyring_poll).await;
    assert_eq!(node.sealing(), "k2");
    node.stop().await;
}

/// What it still finishes may be sealed with a key that the others have left behind.
#[tokio::test]
async fn a_node_that_stops_counts_until_its_last_write() {
    let folder = TestFolder::new();
    let (a, mut b) =
        (Node::start(&folder, "a", 1, &both()).await, Node::start(&folder, "b", 2, &both()).await);
    soon("both have told", async || (a.overview().await.nodes.len() == 2).then_some(())).await;
    a.rotate(Some("k2")).await.unwrap();
    a.until_ring(&["k2", "k1"]).await;
    b.end_work().await;
    b.fill(0).await;
    let refused = a.retire("k1").await.unwrap_err().to_string();
    assert!(refused.contains("still seals with"), "{refused}");
    b.stop().await;
    a.until_resealed("k2").await;
    assert_eq!(a.retire("k1").await.unwrap(), Retired::Now);
    a.opens(0).await;
    a.stop().await;
}
