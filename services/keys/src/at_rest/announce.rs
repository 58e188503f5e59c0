//! What the nodes over one database tell each other about their rings.

use std::time::Duration;

use waybill_store::tables::keyring::keys;
use waybill_store::tables::keyring::nodes::{self, Announcement, Spans};
use waybill_store::{Store, StoreError};

/// How often a node says that it is there.
pub(super) const EVERY: Duration = Duration::from_secs(15);
/// A node that was silent for so long has stopped, or cannot reach the database.
const LIVE: Duration = Duration::from_secs(60);
/// Far longer than a sealed value waits for its transaction.
const SETTLED: Duration = Duration::from_secs(5);
/// Nodes that stopped without a word are forgotten after it.
const FORGET: Duration = Duration::from_secs(7 * 24 * 3600);

/// What counts as live and settled.
pub const SPANS: Spans = Spans { live: LIVE, settled: SETTLED };

/// Tells the others which keys this node has.
pub(super) async fn announce(store: &Store, said: Announcement) -> Result<(), StoreError> {
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

/// Tells them that this node has stopped.
pub(super) async fn withdraw(store: &Store, node_id: String) -> Result<(), StoreError> {
    store.write("keyring::withdraw", node_id, |tx, node_id| Box::pin(nodes::forget(tx, node_id))).await
}
