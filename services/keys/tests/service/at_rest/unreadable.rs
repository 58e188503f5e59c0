//! Values that do not open are left alone, counted, and keep their key.

use waybill_keys::at_rest::operate::Retired;
use waybill_testkit::TestFolder;

use super::house::{K1, K2_KEY, Node, SEALED, fill_store, soon, vault};

#[tokio::test]
async fn nothing_that_does_not_open_is_lost() {
    let folder = TestFolder::new();
    let node = Node::start(&folder, "a", 1, &format!("{K1},k2:{K2_KEY}")).await;
    node.fill(0).await;
    // Another key of the same name, as after a backup of another installation was restored.
    fill_store(&node.store, &vault(&format!("k1:{K2_KEY}")), 1).await;
    let before = node.verification(1).await;

    soon("it has told", async || node.rotate(Some("k2")).await.ok()).await;
    node.until_resealed("k2").await;
    let progress = node.overview().await.resealing.unwrap();
    assert_eq!(u64::from(progress.unreadable), SEALED);
    assert_eq!(node.values("k1").await, SEALED);
    let after = node.verification(1).await;
    assert_eq!(after.originator_sealed, before.originator_sealed);
    node.opens(0).await;

    let refused = node.retire("k1").await.unwrap_err().to_string();
    assert!(
        refused.contains(&format!("{SEALED} stored values")) && refused.contains("--abandon-unreadable"),
        "{refused}"
    );
    assert_eq!(node.retire_with("k1", true).await.unwrap(), Retired::Now);
    assert_eq!(node.verification(1).await.originator_sealed, before.originator_sealed, "still there");
    node.stop().await;
}
