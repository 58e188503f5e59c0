//! The last pass over everything, step by step.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use waybill_crypto::Keyring;
use waybill_keys::at_rest::{Resealer, Step};
use waybill_store::tables::keyring::keys;
use waybill_store::tables::keyring::nodes::{self, Announcement, Spans};
use waybill_store::tables::keyring::resealing::{self, Progress};
use waybill_store::tables::own_keys;
use waybill_store::tables::sealed::{Ids, SealedTable, count_by_key};
use waybill_store::{Store, StoreError};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder, eventually};
use waybill_vault::Vault;

use super::house::{K1, K2_KEY, SOON, fill_store, own_key, store, vault};

/// A node that works when the test says so, beside one that the test plays.
struct Desk {
    store: Store,
    resealer: Resealer,
}

impl Desk {
    async fn new(folder: &TestFolder) -> Self {
        let store = store(folder).await;
        let ring = Keyring::parse(&format!("k2:{K2_KEY},{K1}")).unwrap();
        let resealer = Resealer {
            store: store.clone(),
            vault: Vault::new(Arc::new(ring), SeededEntropy::new(1).shared()),
            clock: MockClock::default().shared(),
            token: "a".to_owned(),
            batch: 1,
            share: 100,
            spans: Spans { live: SOON, settled: Duration::from_millis(20) },
            changed: Arc::new(Notify::new()),
        };
        let desk = Self { store, resealer };
        desk.announce("a", ["k2", "k1"]).await;
        desk
    }

    async fn announce(&self, node_id: &str, keys: [&str; 2]) {
        let said = Announcement {
            node_id: node_id.to_owned(),
            host: "host".to_owned(),
            key_names: keys.map(str::to_owned).to_vec(),
        };
        let told = self.store.write("test", said, |tx, said| {
            Box::pin(async move {
                keys::note(tx, "k1").await?;
                keys::note(tx, "k2").await?;
                keys::note_sealing(tx, "k2").await?;
                nodes::announce(tx, said).await
            })
        });
        told.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    }

    async fn progress(&self) -> Option<Progress> {
        let found = self.store.read("test", (), |tx, ()| Box::pin(resealing::find(tx, "k2")));
        found.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// Works until it has come to a place.
    async fn until(&self, place: impl Fn(&Progress) -> bool) {
        eventually("it comes to the place", SOON, async || {
            self.resealer.step().await.unwrap();
            self.progress().await.filter(|progress| place(progress)).map(drop)
        })
        .await;
    }

    async fn under_k1(&self) -> u64 {
        let counted = self.store.read("test", (), |tx, ()| {
            Box::pin(async move {
                let ids = Ids { first: 0, last: i64::MAX };
                let mut left = 0;
                for table in SealedTable::ALL {
                    left += count_by_key(tx, table, ids).await?.get("k1").copied().unwrap_or(0);
                }
                Ok(left)
            })
        });
        counted.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }
}

/// It begins with all nodes in agreement. Then one comes that seals with the old key, adds to a table that the pass has
/// gone by, and agrees again before the end.
#[tokio::test]
async fn a_node_that_seals_with_the_old_key_meanwhile_takes_one_more() {
    let folder = TestFolder::new();
    let desk = Desk::new(&folder).await;
    for number in 0..3 {
        fill_store(&desk.store, &vault(K1), number).await;
    }
    desk.until(|progress| {
        progress.pass_is_settled && progress.found == 0 && progress.table == "refinitiv_wco_cases"
    })
    .await;
    assert_eq!(desk.under_k1().await, 0);

    desk.announce("b", ["k1", "k2"]).await;
    let key = own_key(&vault(K1), 3);
    let added = desk.store.write("test", key, |tx, key| Box::pin(own_keys::insert(tx, key))).await;
    assert!(added.unwrap_or_else(|error: StoreError| panic!("{error}")));
    desk.resealer.step().await.unwrap();
    desk.announce("b", ["k2", "k1"]).await;
    desk.until(|progress| progress.finished_at.is_some()).await;
    assert_eq!(desk.under_k1().await, 0, "{:?}", desk.progress().await);
    assert_eq!(desk.resealer.step().await.unwrap(), Step::Idle);
    desk.store.close().await;
}
