//! What is wrong with a file changes nothing in a running node, and keeps one from starting.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Notify;
use waybill_domain::Clock as _;
use waybill_keys::at_rest::{AtRest, AtRestError, Watch};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder};
use waybill_vault::Vault;

use super::house::{K1, Node, egress, settings, soon, store, write_private};

const K2: &str = "k2:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

/// A node that looks at its file when the test says so.
async fn watched(folder: &TestFolder) -> (Watch, Vault, PathBuf) {
    let settings = settings(folder, "a", &[]);
    let file = settings.encryption.keyring_file.clone().unwrap();
    write_private(&file, K1);
    let (store, entropy) = (store(folder).await, SeededEntropy::new(1).shared());
    let opened = AtRest::open(&settings, &store, &egress(), entropy, MockClock::default().now()).await;
    let (vault, at_rest) = opened.unwrap();
    (Watch::new(store, vault.clone(), at_rest, Arc::new(Notify::new())), vault, file)
}

#[tokio::test]
async fn a_running_node_goes_on_with_the_last_good_ring() {
    let folder = TestFolder::new();
    let (mut watch, vault, file) = watched(&folder).await;
    let sealed = vault.seal_request("kind", "id", "text");
    let changed = K1.replace("AAEC", "BBBB");
    let empty = format!("{}\n", " ".repeat(9));
    for damage in ["", &empty, "half of a li", "k1:AAEC", &changed, "k2:!", "K:x", &format!("{K1}\n{K1}")] {
        write_private(&file, damage);
        let refused = watch.look().await.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(!refused.is_empty() && !refused.contains("AAEC") && !refused.contains("BBBB"), "{refused}");
        assert_eq!(vault.keyring().names().collect::<Vec<_>>(), ["k1"], "{damage}");
        assert_eq!(*vault.open_request("kind", "id", &sealed).unwrap(), "text");
        watch.look().await.expect_err("it stays damaged until it is mended");
    }
    write_private(&file, &format!("{K1}\n{K2}\n"));
    watch.look().await.unwrap();
    assert_eq!(vault.keyring().names().collect::<Vec<_>>(), ["k1", "k2"]);
}

#[tokio::test]
async fn a_file_that_others_may_read_is_not_read_and_one_that_is_gone_is_waited_for() {
    let folder = TestFolder::new();
    let (mut watch, vault, file) = watched(&folder).await;
    std::fs::remove_file(&file).unwrap();
    assert!(watch.look().await.unwrap_err().to_string().contains("not found"));
    std::fs::write(&file, format!("{K1}\n{K2}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(watch.look().await.unwrap_err().to_string().contains("chmod 600"));
    assert_eq!(vault.keyring().names().count(), 1);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    watch.look().await.unwrap();
    assert_eq!(vault.keyring().names().count(), 2);
}

#[tokio::test]
async fn a_key_that_leaves_the_file_unretired_goes_on_opening() {
    let folder = TestFolder::new();
    let node = Node::start(&folder, "a", 1, K1).await;
    node.fill(0).await;
    write_private(&node.file(), K2);
    node.until_ring(&["k2", "k1"]).await;
    node.opens(0).await;
    node.until_resealed("k2").await;
    node.opens(0).await;
    // Put back, and retired as it should be.
    write_private(&node.file(), &format!("{K2}\n{K1}\n"));
    soon("it can be retired", async || node.retire("k1").await.ok()).await;
    node.until_ring(&["k2"]).await;
    node.stop().await;
}

#[tokio::test]
async fn a_node_does_not_start_with_the_keys_of_another_database() {
    let folder = TestFolder::new();
    Node::start(&folder, "a", 1, K1).await.stop().await;
    let settings = settings(&folder, "a", &[]);
    write_private(settings.encryption.keyring_file.as_ref().unwrap(), K2);
    let refused = Node::start_with(&folder, settings, 2).await.err().unwrap();
    assert!(matches!(&refused, AtRestError::OtherKeys(name) if name == "k1"), "{refused}");
}
