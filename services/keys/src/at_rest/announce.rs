//! What the nodes over one database tell each other about their rings.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use waybill_store::tables::keyring::keys;
use waybill_store::tables::keyring::nodes::{self, Announcement, Spans};
use waybill_store::{Store, StoreError};
use waybill_vault::Vault;

use super::identity::NodeIdentity;

/// How often a node says that it is there.
const EVERY: Duration = Duration::from_secs(15);
const AFTER_FAILURE: Duration = Duration::from_secs(2);
/// A node that was silent for so long has stopped, or cannot reach the database.
const LIVE: Duration = Duration::from_secs(60);
/// Longer than a sealed value waits for its transaction, but for a database in trouble; `retire` finds what comes later.
const SETTLED: Duration = Duration::from_secs(5);
/// Nodes that stopped without a word are forgotten after it.
const FORGET: Duration = Duration::from_secs(7 * 24 * 3600);

/// What counts as live and settled.
pub const SPANS: Spans = Spans { live: LIVE, settled: SETTLED };

/// Tells the other nodes what this one has, in a task of its own: a source of keys that hangs must not silence it.
pub(super) struct Announcer {
    pub store: Store,
    pub vault: Vault,
    pub node: NodeIdentity,
    /// The ring is another one.
    pub news: Arc<Notify>,
    /// The other nodes know it.
    pub told: Arc<Notify>,
}

impl Announcer {
    /// Tells at once, after each change, and again and again, however seldom the source is looked at.
    pub(super) async fn work(self) {
        loop {
            let names: Vec<String> = self.vault.keyring().names().map(str::to_owned).collect();
            let wait = if self.announce(names).await { EVERY } else { AFTER_FAILURE };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.news.notified() => {}
            }
        }
    }

    async fn announce(&self, key_names: Vec<String>) -> bool {
        let (node_id, host) = (self.node.id(), self.node.host.clone());
        let said = Announcement { node_id, host, key_names };
        match announce(&self.store, said).await {
            Ok(()) => {
                self.told.notify_one();
                true
            }
            Err(error) => {
                if !self.store.is_away() {
                    tracing::warn!(%error, "the other nodes could not be told which keys this one has");
                }
                false
            }
        }
    }
}

/// Tells the others which keys a node has.
async fn announce(store: &Store, said: Announcement) -> Result<(), StoreError> {
    store
        .write("keyring::announce", said, |tx, said| {
            Box::pin(async move {
                for name in said.key_names.iter().rev() {
                    // The last is the oldest: so the first becomes the newest of those that nobody knew.
                    keys::note(tx, name).await?;
                }
                if let Some(sealing) = said.key_names.first() {
                    keys::note_sealing(tx, sealing).await?;
                }
                nodes::announce(tx, said).await?;
                nodes::forget_unheard(tx, FORGET).await
            })
        })
        .await
}

/// What a node says last.
#[must_use]
pub struct Farewell {
    pub(super) store: Store,
    pub(super) node_id: String,
}

impl Farewell {
    /// Tells the others that this node has stopped. Only after its last write: until then it may seal with a key that
    /// the others have left behind.
    pub async fn say(self) {
        if self.store.is_away() {
            return; // the others find out by its silence
        }
        let said = self
            .store
            .write("keyring::withdraw", self.node_id, |tx, node_id| Box::pin(nodes::forget(tx, node_id)));
        let said: Result<(), StoreError> = said.await;
        if let Err(error) = said {
            tracing::debug!(%error, "the other nodes were not told that this one has stopped");
        }
    }
}
