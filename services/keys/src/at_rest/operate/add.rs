//! A new key, which opens and does not seal yet.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use waybill_crypto::{KeyringEntries, KeyringEntry};
use waybill_domain::{Clock, Entropy};
use waybill_egress::Egress;
use waybill_store::tables::audit;
use waybill_store::tables::keyring::keys::{self, KnownKey};
use waybill_store::{Store, StoreError};
use zeroize::Zeroizing;

use super::ring::arranged;
use super::{Ring, audited, overview};
use crate::at_rest::{AtRestError, Source};

/// What came of it; either way the key is in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New(String),
    /// It was there before, under the name that was asked for.
    Known(String),
    /// One that never sealed was there before, and no name was asked for.
    Waiting(String),
}

/// Adds a key to the file, behind the one that seals: random, or what the decrypt endpoint makes of `wrapped`.
///
/// # Errors
/// [`AtRestError`].
pub async fn add(
    ring: &Ring<'_>,
    store: &Store,
    egress: &Egress,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    name: Option<&str>,
    wrapped: Option<String>,
) -> Result<Added, AtRestError> {
    let file = ring.lock()?;
    let entries = file.entries()?;
    let (known, _) = overview::state(store).await?;
    let name = match name {
        Some(name) if entries.names().any(|there| there == name) => return Ok(Added::Known(name.to_owned())),
        Some(name) if known.iter().any(|key| key.name == name) => return Err(taken(name)),
        Some(name) => name.to_owned(),
        None => match waiting(&entries, &known) {
            Some(waiting) => return Ok(Added::Waiting(waiting)),
            None => free_name(&entries, &known),
        },
    };
    let key = key(ring, entropy, wrapped)?;
    let mut arranged_entries = entries.entries().to_vec();
    arranged_entries.insert(1, KeyringEntry { name: name.clone(), key });
    let arranged_entries = arranged(ring.path()?, arranged_entries)?;
    if ring.settings.encryption.decrypt_url.is_some() {
        let alone = arranged_entries.entries()[1].clone();
        Source::of(ring.settings, egress)?.check(&arranged(ring.path()?, vec![alone])?).await?;
    }
    if !remember(store, &name, clock).await? {
        return Err(taken(&name)); // by somebody who was quicker
    }
    file.write(&arranged_entries)?;
    Ok(Added::New(name))
}

fn key(
    ring: &Ring<'_>,
    entropy: &dyn Entropy,
    wrapped: Option<String>,
) -> Result<Zeroizing<String>, AtRestError> {
    let refused = |why: &str| Err(AtRestError::Refused(why.to_owned()));
    match (ring.settings.encryption.decrypt_url.is_some(), wrapped) {
        (true, None) => refused(
            "encryption.decrypt_url unwraps the keys, so only its system can make one: give the wrapped key, or its \
             reference, with --wrapped",
        ),
        (true, Some(wrapped)) if wrapped.trim().is_empty() || wrapped.contains([',', '\n', '\r']) => {
            refused("--wrapped must be one line without commas")
        }
        (true, Some(wrapped)) => Ok(Zeroizing::new(wrapped.trim().to_owned())),
        (false, Some(_)) => {
            refused("--wrapped is for keys that encryption.decrypt_url unwraps, and it is not set")
        }
        (false, None) => {
            let mut bytes = Zeroizing::new([0; 32]);
            entropy.fill(&mut *bytes);
            Ok(Zeroizing::new(STANDARD.encode(*bytes)))
        }
    }
}

/// Two keys of one name, in the files of two hosts, could not open what the other has sealed.
fn taken(name: &str) -> AtRestError {
    AtRestError::Refused(format!(
        "{name:?} is or was the name of another key, which this file does not have: if another host added it, copy the \
         file from there, else take another name"
    ))
}

/// A key in the file that never sealed, newest first.
fn waiting(entries: &KeyringEntries, known: &[KnownKey]) -> Option<String> {
    let never_sealed = |name: &&str| {
        let key = known.iter().find(|key| key.name == **name);
        key.is_some_and(|key| key.sealing_since.is_none() && key.retired_at.is_none())
    };
    entries.names().skip(1).find(never_sealed).map(str::to_owned)
}

/// `k` and a number that was never used.
fn free_name(entries: &KeyringEntries, known: &[KnownKey]) -> String {
    let all = || entries.names().chain(known.iter().map(|key| key.name.as_str()));
    let numbers = all().filter_map(|name| name.strip_prefix('k')?.parse::<u64>().ok());
    let highest = numbers.filter(|number| *number < 1_000_000).max().unwrap_or(0);
    format!("k{}", highest + 1)
}

/// False when the name is known already.
async fn remember(store: &Store, name: &str, clock: &dyn Clock) -> Result<bool, StoreError> {
    let entry = audited::entry("KEYRING-KEY-ADDED", name, clock.now());
    store
        .write("keys::add", (name.to_owned(), entry), |tx, (name, entry)| {
            Box::pin(async move {
                let new = keys::note(tx, name).await?;
                if new {
                    audit::append(tx, entry).await?;
                }
                Ok(new)
            })
        })
        .await
}
