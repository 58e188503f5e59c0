//! Keys that have left the ring for good.

use waybill_crypto::Keyring;
use waybill_store::tables::keyring::keys::{self, KnownKey};
use waybill_store::{Store, StoreError};

use super::AtRestError;

/// Refuses a ring that seals with a retired key: the other nodes have let go of it, and could not open what it seals.
///
/// # Errors
/// [`AtRestError::Retired`]; [`AtRestError::Store`].
pub(super) async fn check(store: &Store, ring: &Keyring) -> Result<(), AtRestError> {
    let sealing = ring.sealing_key_name();
    if without_retired(store, vec![sealing.to_owned()]).await?.is_empty() {
        return Err(AtRestError::Retired(sealing.to_owned()));
    }
    Ok(())
}

/// Those of these names that are not retired.
pub(super) async fn without_retired(
    store: &Store,
    mut names: Vec<String>,
) -> Result<Vec<String>, StoreError> {
    if !names.is_empty() {
        let known: Vec<KnownKey> = store.read("keyring::keys", (), |tx, ()| Box::pin(keys::all(tx))).await?;
        let retired = |name: &String| known.iter().any(|key| key.name == *name && key.retired_at.is_some());
        names.retain(|name| !retired(name));
    }
    Ok(names)
}
