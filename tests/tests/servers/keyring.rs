//! Several nodes of one VASP on one database, each with a keyring's file of its own.

use waybill_tests::{Pair, SOON, stderr, verification};

use crate::DATABASE;

/// The sandbox runs in this program, beside commands that block.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_with_files_of_their_own_rotate_together() {
    let mut pair = Pair::prepare(DATABASE).await;
    let file = pair.keyring_file("ours");
    pair.ours.start(&pair.folder, &[]).await;
    pair.robot.start(&pair.folder, &[]).await;
    let mut other = pair.another_of_ours();
    let other_file = file.for_another(&pair, "ours-too");
    other.start(&pair.folder, &[]).await;
    let (ours, too) = (pair.ours.party, other.party);
    let mut uuids = vec![ours.verify_until(&verification(), "VERIFIED").await];

    file.keys(&["add"]);
    let refused = file.try_keys(&["rotate"], &[]);
    assert!(
        !refused.status.success() && stderr(&refused).contains("\"k2\" is not known to"),
        "{}",
        stderr(&refused)
    );
    assert!(file.text().starts_with("k1:"), "nothing has changed");
    let before = file.text();
    other_file.write(&before);
    file.keys(&["rotate"]);

    // Now one node seals with k2 and the other with k1; each opens what the other sealed.
    for party in [ours, too] {
        let uuid = party.verify_until(&verification(), "VERIFIED").await;
        let record = ours.record(&uuid).await;
        assert_eq!(too.record(&uuid).await, record);
        uuids.push(uuid);
    }
    let refused = file.try_keys(&["retire", "k1"], &[]);
    assert!(
        !refused.status.success() && stderr(&refused).contains("still seals with"),
        "{}",
        stderr(&refused)
    );
    other_file.keys(&["rotate", "k2"]);
    file.until_resealed("k2").await;
    assert_eq!(file.values("k1"), 0);
    for file in [&file, &other_file] {
        file.keys(&["retire", "k1"]);
        assert!(!file.text().contains("k1:"));
    }
    other.stop().await;
    // As if it had been down all the while.
    let after = other_file.text();
    other_file.write(&before);
    let mut refused = other.command("run", &pair.folder).start();
    assert_eq!(refused.wait_for_exit(SOON).await.code(), Some(1));
    assert!(refused.stderr().contains("the key \"k1\" was retired"), "{}", refused.stderr());
    other_file.write(&after);
    other.start(&pair.folder, &[]).await;
    for uuid in &uuids {
        assert_eq!(too.record(uuid).await, ours.record(uuid).await);
    }
    other.stop().await;
    pair.ours.stop().await;
}
