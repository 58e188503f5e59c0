//! `waybill keys`: the keys that seal at rest.

mod action;
mod list;

use std::sync::Arc;
use std::time::Duration;

use waybill_egress::Egress;
use waybill_keys::at_rest::AtRestError;
use waybill_keys::at_rest::operate::{self, Added, Retired, Ring, Rotated};
use waybill_runtime::settings::Settings;
use waybill_runtime::{SystemClock, SystemEntropy};
use waybill_store::Store;

pub use self::action::KeysAction;
use super::{load, open_store};
use crate::cli::SettingsSource;
use crate::node::egress_options;

/// Nodes that were told of a key a moment ago notice it within it, unless `encryption.keyring_poll` is longer.
const PATIENCE: Duration = Duration::from_secs(8);

pub async fn run(action: KeysAction, source: SettingsSource) -> anyhow::Result<()> {
    let settings = load(&source, false)?.settings;
    let store = open_store(&settings).await?;
    let done = act(action, &settings, &store).await;
    store.close().await;
    done
}

async fn act(action: KeysAction, settings: &Settings, store: &Store) -> anyhow::Result<()> {
    let ring = Ring { settings };
    match action {
        KeysAction::List { json } => list::print(&operate::overview(&ring, store).await?, json)?,
        KeysAction::Add { name, wrapped } => added(
            operate::add(
                &ring,
                store,
                &egress(settings)?,
                &SystemClock,
                &SystemEntropy,
                name.as_deref(),
                wrapped,
            )
            .await?,
        ),
        KeysAction::Rotate { name, force } => {
            rotated(operate::rotate(&ring, store, &SystemClock, name.as_deref(), force, PATIENCE).await?);
        }
        KeysAction::Retire { name, abandon_unreadable } => {
            let retired = retire(&ring, store, settings, &name, abandon_unreadable).await;
            match retired? {
                Retired::Now => println!(
                    "{name} is out of the file. Backups made until now need it: keep a copy of it with them, elsewhere."
                ),
                Retired::Before => println!("{name} was retired before; nothing is changed."),
            }
        }
    }
    Ok(())
}

async fn retire(
    ring: &Ring<'_>,
    store: &Store,
    settings: &Settings,
    name: &str,
    abandon: bool,
) -> anyhow::Result<Retired> {
    let egress = egress(settings)?;
    let retired: Result<_, AtRestError> =
        operate::retire(ring, store, &egress, &SystemClock, Arc::new(SystemEntropy), name, abandon).await;
    Ok(retired?)
}

fn egress(settings: &Settings) -> anyhow::Result<Egress> {
    Ok(Egress::new(egress_options(settings), Arc::new(SystemClock), Arc::new(SystemEntropy))?)
}

fn added(added: Added) {
    match added {
        Added::New(name) => println!(
            "{name} is in the file; it opens and does not seal yet. Give it to every node that shares the database, back \
             it up, then: waybill keys rotate {name}"
        ),
        Added::Known(name) => println!("{name} is in the file already; nothing is changed."),
        Added::Waiting(name) => println!(
            "{name} is in the file and never sealed; nothing is changed. Make it the sealing one (waybill keys rotate), \
             or give the new key a name."
        ),
    }
}

fn rotated(rotated: Rotated) {
    match rotated {
        Rotated::Now(name) => println!(
            "{name} seals as soon as the nodes notice, within encryption.keyring_poll; then everything is sealed again \
             with it in the background. See: waybill keys list"
        ),
        Rotated::Before(name) => println!("{name} seals already; nothing is changed."),
    }
}
