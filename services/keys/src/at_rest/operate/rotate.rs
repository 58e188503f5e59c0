//! Making another key the one that seals.

use std::time::Duration;

use tokio::time::Instant;
use waybill_crypto::KeyringEntries;
use waybill_domain::Clock;
use waybill_runtime::failpoint;
use waybill_store::tables::audit;
use waybill_store::tables::keyring::keys::{self, KnownKey};
use waybill_store::tables::keyring::nodes::KnownNode;
use waybill_store::tables::keyring::resealing;
use waybill_store::{Store, StoreError};

use super::ring::arranged;
use super::{Ring, audited, overview};
use crate::at_rest::AtRestError;

/// How often nodes that have not noticed yet are looked for.
const LOOK: Duration = Duration::from_millis(250);

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotated {
    /// The key seals from now on; nodes notice within `encryption.keyring_poll`.
    Now(String),
    /// It sealed before.
    Before(String),
}

/// Makes a key of the file the one that seals: the named one, or the newest. Nodes that were told of a new key a moment
/// ago get `patience` to notice it.
///
/// # Errors
/// [`AtRestError::Refused`] when a live node lacks the key, unless `force`; else [`AtRestError`].
pub async fn rotate(
    ring: &Ring<'_>,
    store: &Store,
    clock: &dyn Clock,
    name: Option<&str>,
    force: bool,
    patience: Duration,
) -> Result<Rotated, AtRestError> {
    let file = ring.lock()?;
    let entries = file.entries()?;
    let (known, _) = overview::state(store).await?;
    let name = chosen(&entries, &known, name)?;
    let before = entries.names().next() == Some(name.as_str());
    if !before && !force {
        every_node_has(store, &name, patience).await?;
    }
    let mut order = entries.entries().to_vec();
    order.sort_by_key(|entry| entry.name != name); // stable: the others keep their order
    if before {
        // Perhaps an earlier command was cut off after it had written the file.
        record(store, &name, clock, true).await?;
        return Ok(Rotated::Before(name));
    }
    file.write(&arranged(ring.path()?, order)?)?;
    failpoint("keys.rotated");
    record(store, &name, clock, false).await?;
    Ok(Rotated::Now(name))
}

fn chosen(entries: &KeyringEntries, known: &[KnownKey], name: Option<&str>) -> Result<String, AtRestError> {
    let find = |name: &str| known.iter().find(|key| key.name == name);
    let name = match name {
        Some(name) => name.to_owned(),
        None => {
            // Of keys that were first seen together, the one nearer to the front is newer.
            let (_, newest) = entries
                .names()
                .enumerate()
                .max_by_key(|(at, name)| (find(name).map(|key| key.created_at), std::cmp::Reverse(*at)))
                .ok_or_else(|| AtRestError::Refused("the keyring has no key".to_owned()))?;
            newest.to_owned()
        }
    };
    if entries.names().all(|there| there != name) {
        return Err(AtRestError::Refused(format!(
            "the file has no key {name:?}; `waybill keys list` shows all"
        )));
    }
    if find(&name).is_some_and(|key| key.retired_at.is_some()) {
        return Err(AtRestError::Refused(format!("{name:?} is retired; `waybill keys add` makes a new one")));
    }
    Ok(name)
}

async fn every_node_has(store: &Store, name: &str, patience: Duration) -> Result<(), AtRestError> {
    let begun = Instant::now();
    loop {
        let (_, nodes) = overview::state(store).await?;
        let lacks = |node: &&KnownNode| node.is_live && node.said.key_names.iter().all(|there| there != name);
        let lacking: Vec<&str> = nodes.iter().filter(lacks).map(|node| node.said.node_id.as_str()).collect();
        if lacking.is_empty() {
            return Ok(());
        }
        if begun.elapsed() >= patience {
            return Err(AtRestError::Refused(format!(
                "{name:?} is not known to: {}. They could not open what it seals. Give them the key (a node notices its \
                 file within encryption.keyring_poll, its settings at a restart); a node that is gone counts for a minute. \
                 --force does it all the same",
                lacking.join(", ")
            )));
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn record(store: &Store, name: &str, clock: &dyn Clock, before: bool) -> Result<(), StoreError> {
    let entry = audited::entry("KEYRING-ROTATED", name, clock.now());
    store
        .write("keys::rotate", (name.to_owned(), entry, before), |tx, (name, entry, before)| {
            Box::pin(async move {
                keys::note(tx, name).await?;
                if *before {
                    return keys::note_sealing(tx, name).await;
                }
                keys::begin_sealing(tx, name).await?;
                // A key that sealed before may have been replaced meanwhile: all is gone through anew.
                resealing::forget(tx, name).await?;
                audit::append(tx, entry).await
            })
        })
        .await
}
