//! A whole rotation.

use waybill_keys::at_rest::operate::{Added, Retired, Rotated};
use waybill_testkit::TestFolder;

use super::house::{K1, K2_KEY, Node, SEALED, copy_file, soon};

#[tokio::test]
async fn one_node_rotates_while_it_works_and_the_old_key_goes() {
    let folder = TestFolder::new();
    let node = Node::start(&folder, "a", 1, K1).await;
    for number in 0..10 {
        node.fill(number).await;
    }
    let print = node.vault.fingerprint("l", b"x");
    node.until_resealed("k1").await;

    assert_eq!(node.add(None).await.unwrap(), Added::New("k2".to_owned()));
    node.until_ring(&["k1", "k2"]).await;
    soon("the node has told that it has the key", async || node.rotate(None).await.ok()).await;
    node.until_ring(&["k2", "k1"]).await;
    for number in 10..20 {
        node.fill(number).await;
    }
    node.until_resealed("k2").await;
    assert_eq!((node.values("k1").await, node.values("k2").await), (0, 20 * SEALED + 1));

    assert_eq!(node.retire("k1").await.unwrap(), Retired::Now);
    node.until_ring(&["k2"]).await;
    assert!(!std::fs::read_to_string(node.file()).unwrap().contains("k1:"));
    let settings = node.stop().await;
    let node = Node::start_with(&folder, settings, 2).await.unwrap();
    for number in 0..20 {
        node.opens(number).await;
    }
    assert_eq!(node.vault.fingerprint("l", b"x"), print, "fingerprints outlive the key they came from");
    node.stop().await;
}

#[tokio::test]
async fn with_two_nodes_nothing_is_sealed_that_one_of_them_cannot_open() {
    let folder = TestFolder::new();
    let (a, b) = (Node::start(&folder, "a", 1, K1).await, Node::start(&folder, "b", 2, K1).await);
    a.fill(0).await;
    b.fill(1).await;
    a.add(Some("k2")).await.unwrap();
    a.until_ring(&["k1", "k2"]).await;
    let refused = a.rotate(Some("k2")).await.unwrap_err().to_string();
    let b_id = std::fs::read_to_string(b.settings.node.data_dir.join("node.id")).unwrap();
    assert!(
        refused.contains(b_id.trim()) && refused.contains("--force"),
        "it names who lacks the key: {refused}"
    );

    copy_file(&a, &b);
    b.until_ring(&["k1", "k2"]).await;
    soon("both nodes have told", async || a.rotate(Some("k2")).await.ok()).await;
    a.until_ring(&["k2", "k1"]).await;
    a.fill(2).await;
    b.fill(3).await; // with k1: its file is as it was
    b.opens(2).await;
    assert_eq!(b.sealing(), "k1");
    soon("what there was is sealed again", async || {
        let progress = a.overview().await.resealing?;
        (progress.key_name == "k2" && progress.table.is_empty()).then_some(())
    })
    .await;
    b.fill(4).await;
    assert!(a.values("k1").await > 0);
    let progress = a.overview().await.resealing.unwrap();
    assert!(progress.finished_at.is_none(), "one node still seals with k1: {progress:?}");
    let refused = a.retire("k1").await.unwrap_err().to_string();
    assert!(refused.contains("still seals with"), "{refused}");

    assert_eq!(b.rotate(Some("k2")).await.unwrap(), Rotated::Now("k2".to_owned()));
    b.until_ring(&["k2", "k1"]).await;
    a.until_resealed("k2").await;
    assert_eq!(a.values("k1").await, 0);
    for node in [&a, &b] {
        assert_eq!(node.retire("k1").await.unwrap(), Retired::Now);
        node.until_ring(&["k2"]).await;
    }
    for number in 0..5 {
        a.opens(number).await;
        b.opens(number).await;
    }
    assert_eq!(a.vault.fingerprint("l", b"x"), b.vault.fingerprint("l", b"x"));
    a.stop().await;
    b.stop().await;
}

#[tokio::test]
async fn a_node_that_comes_back_with_the_old_order_opens_the_case_again() {
    let folder = TestFolder::new();
    let both = format!("{K1}\nk2:{K2_KEY}\n");
    let a = Node::start(&folder, "a", 1, &both).await;
    a.fill(0).await;
    a.until_resealed("k1").await;
    soon("it has told", async || a.rotate(Some("k2")).await.ok()).await;
    a.until_resealed("k2").await;

    let b = Node::start(&folder, "b", 2, &both).await;
    b.fill(1).await;
    soon("the case is open again", async || {
        a.overview().await.resealing.filter(|progress| progress.finished_at.is_none())
    })
    .await;
    b.rotate(Some("k2")).await.unwrap();
    a.until_resealed("k2").await;
    assert_eq!(a.values("k1").await, 0);
    for number in 0..2 {
        a.opens(number).await;
    }
    a.stop().await;
    b.stop().await;
}

#[tokio::test]
async fn going_back_to_a_key_that_sealed_before_is_a_rotation_too() {
    let folder = TestFolder::new();
    let node = Node::start(&folder, "a", 1, &format!("{K1},k2:{K2_KEY}")).await;
    node.fill(0).await;
    for name in ["k2", "k1", "k2"] {
        soon("it has told", async || node.rotate(Some(name)).await.ok()).await;
        node.until_resealed(name).await;
        assert_eq!(node.values(name).await, SEALED + 1);
        node.opens(0).await;
    }
    assert_eq!(node.rotate(Some("k2")).await.unwrap(), Rotated::Before("k2".to_owned()));
    node.stop().await;
}
