//! What there is: keys, what is sealed with each, nodes, and how far sealing again has come.

use waybill_store::tables::keyring::keys::{self, KnownKey};
use waybill_store::tables::keyring::nodes::{self, KnownNode};
use waybill_store::tables::keyring::resealing::{self, Progress};
use waybill_store::tables::sealed::{SealedTable, highest_id};
use waybill_store::{Store, StoreError};

use super::Ring;
use super::count::Counts;
use crate::at_rest::{AtRestError, SPANS};

/// Everything about the keyring of one database.
pub struct Overview {
    /// Keys in the ring, the sealing one first, and then those that are only in the database's memory.
    pub keys: Vec<KeyView>,
    /// Nodes over the database that were heard of.
    pub nodes: Vec<KnownNode>,
    /// Sealing again with the key that seals.
    pub resealing: Option<Progress>,
    /// The highest id of the table that it has come to; 0 when it has none.
    pub resealing_up_to: i64,
}

/// One key.
pub struct KeyView {
    /// Its name.
    pub name: String,
    /// Whether it stands in the ring.
    pub in_ring: bool,
    /// Whether it seals, going by the ring here.
    pub seals: bool,
    /// What the database knows of it.
    pub known: Option<KnownKey>,
    /// Stored values that it has sealed.
    pub values: u64,
    /// Live nodes that have it, by host.
    pub nodes: usize,
}

/// Reads it. Counting reads every sealed value, once.
///
/// # Errors
/// [`AtRestError`].
pub async fn overview(ring: &Ring<'_>, store: &Store) -> Result<Overview, AtRestError> {
    let entries = ring.entries()?;
    let (known, nodes) = state(store).await?;
    let counts = Counts::of(store).await?;
    let forgotten =
        known.iter().map(|key| key.name.as_str()).filter(|name| entries.names().all(|there| there != *name));
    let mut views = Vec::new();
    for (at, name) in entries.names().chain(forgotten).enumerate() {
        let has = |node: &&KnownNode| node.is_live && node.said.key_names.iter().any(|there| there == name);
        views.push(KeyView {
            name: name.to_owned(),
            in_ring: at < entries.entries().len(),
            seals: at == 0,
            known: known.iter().find(|key| key.name == name).cloned(),
            values: counts.with(name),
            nodes: nodes.iter().filter(has).count(),
        });
    }
    let sealing = views.first().map(|key| key.name.clone()).unwrap_or_default();
    let resealing: Option<Progress> =
        store.read("keys::resealing", sealing, |tx, key| Box::pin(resealing::find(tx, key))).await?;
    let table = resealing.as_ref().and_then(|progress| SealedTable::named(&progress.table));
    let resealing_up_to = match table {
        Some(table) => {
            store.read("keys::highest", table, |tx, table| Box::pin(highest_id(tx, *table))).await?
        }
        None => 0,
    };
    Ok(Overview { keys: views, nodes, resealing, resealing_up_to })
}

/// What the database knows of keys and nodes.
pub(super) async fn state(store: &Store) -> Result<(Vec<KnownKey>, Vec<KnownNode>), StoreError> {
    let state = store.read("keys::state", (), |tx, ()| {
        Box::pin(async move { Ok((keys::all(tx).await?, nodes::all(tx, SPANS).await?)) })
    });
    state.await
}
