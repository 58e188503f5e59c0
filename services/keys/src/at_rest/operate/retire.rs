//! Taking a key that nobody needs any more out of the ring.

use waybill_crypto::KeyringEntry;
use waybill_domain::{Clock, SharedEntropy};
use waybill_egress::Egress;
use waybill_runtime::failpoint;
use waybill_store::tables::audit;
use waybill_store::tables::keyring::keys;
use waybill_store::tables::keyring::nodes::KnownNode;
use waybill_store::tables::keyring::resealing::{self, Progress};
use waybill_store::{Store, StoreError};

use super::count::Counts;
use super::ring::arranged;
use super::{Ring, audited, overview};
use crate::at_rest::open::first_ring;
use crate::at_rest::{AtRestError, Source, fingerprint};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retired {
    /// It is out of the file.
    Now,
    /// It was retired before and is not in the file.
    Before,
}

/// Takes a key out of the file.
///
/// # Errors
/// [`AtRestError::Refused`] while it seals anywhere, before everything was sealed again, and when it has sealed a value
/// that is stored; `abandon` gives up values that do not open with it.
pub async fn retire(
    ring: &Ring<'_>,
    store: &Store,
    egress: &Egress,
    clock: &dyn Clock,
    entropy: SharedEntropy,
    name: &str,
    abandon: bool,
) -> Result<Retired, AtRestError> {
    let file = ring.lock()?;
    let entries = file.entries()?;
    let (known, nodes) = overview::state(store).await?;
    let Some(sealing) = entries.names().next().filter(|_| entries.names().any(|there| there == name)) else {
        let retired = known.iter().any(|key| key.name == name && key.retired_at.is_some());
        return if retired {
            Ok(Retired::Before)
        } else {
            Err(refused(format!("the file has no key {name:?}")))
        };
    };
    nobody_seals_with(name, sealing, &nodes)?;
    if fingerprint::stored(store).await?.is_none() {
        // Fingerprints would follow the oldest key of the ring, and this may be it.
        let vault = first_ring(&mut Source::of(ring.settings, egress)?, entropy).await?;
        fingerprint::adopt(store, &vault, clock.now()).await?;
    }
    nothing_is_sealed_with(store, name, sealing, abandon).await?;

    let rest: Vec<KeyringEntry> =
        entries.entries().iter().filter(|entry| entry.name != name).cloned().collect();
    let rest = arranged(ring.path()?, rest)?;
    // First the database: a node that finds a key missing which is not retired takes the file for damaged.
    let entry = audited::entry("KEYRING-KEY-RETIRED", name, clock.now());
    let record = store.write("keys::retire", (name.to_owned(), entry), |tx, (name, entry)| {
        Box::pin(async move {
            keys::note(tx, name).await?;
            keys::retire(tx, name).await?;
            audit::append(tx, entry).await
        })
    });
    record.await.map_err(|error: StoreError| error)?;
    failpoint("keys.retired");
    file.write(&rest)?;
    Ok(Retired::Now)
}

fn refused(why: String) -> AtRestError {
    AtRestError::Refused(why)
}

fn nobody_seals_with(name: &str, sealing: &str, nodes: &[KnownNode]) -> Result<(), AtRestError> {
    if name == sealing {
        return Err(refused(format!(
            "{name:?} seals; make another key the sealing one first (`waybill keys rotate`)"
        )));
    }
    let seals =
        |node: &&KnownNode| node.is_live && node.said.key_names.first().is_some_and(|first| first == name);
    match nodes.iter().find(seals) {
        None => Ok(()),
        Some(node) => Err(refused(format!(
            "{} still seals with {name:?}; its file must name {sealing:?} first too",
            node.said.node_id
        ))),
    }
}

async fn nothing_is_sealed_with(
    store: &Store,
    name: &str,
    sealing: &str,
    abandon: bool,
) -> Result<(), AtRestError> {
    let progress =
        store.read("keys::resealing", sealing.to_owned(), |tx, key| Box::pin(resealing::find(tx, key)));
    let progress: Option<Progress> = progress.await.map_err(|error: StoreError| error)?;
    let counts = Counts::of(store).await?;
    let left = counts.with(name);
    let Some(finished) = progress.filter(|progress| progress.finished_at.is_some()) else {
        let why = match left {
            // Not even then: what was sealed with it a moment ago may still be on its way into the database.
            0 => format!("sealing again with {sealing:?} is not finished"),
            _ => format!("{left} stored values are still sealed with {name:?}"),
        };
        return Err(refused(format!(
            "{why}; a running node does it, and `waybill keys list` shows how far it is"
        )));
    };
    if left == 0 {
        return Ok(());
    }
    if counts.without(sealing) > u64::from(finished.unreadable) {
        look_again(store, sealing).await?;
        return Err(refused(format!(
            "{left} stored values are sealed with {name:?} although everything was sealed again: some came late. A running \
             node looks for them once more, and `waybill keys list` shows how far it is"
        )));
    }
    if abandon {
        return Ok(());
    }
    Err(refused(format!(
        "{left} stored values name {name:?} and do not open with it, so they could not be sealed again. They may open \
         with another key of that name, from a backup. --abandon-unreadable retires the key all the same"
    )))
}

async fn look_again(store: &Store, sealing: &str) -> Result<(), StoreError> {
    store.write("keys::look_again", sealing.to_owned(), |tx, key| Box::pin(resealing::forget(tx, key))).await
}
