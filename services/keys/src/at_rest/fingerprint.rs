//! The key of all fingerprints. It stands in the database, sealed, so that it outlives every key of the ring.

use waybill_domain::Timestamp;
use waybill_store::tables::facts;
use waybill_store::{Store, StoreError};
use waybill_vault::Vault;

use super::AtRestError;

/// Its name in `node_facts`.
pub(crate) const FINGERPRINT_KEY: &str = "keyring.fingerprint_key";

/// Makes the vault use the fingerprint key of the database. The first node over a database derives it from the oldest key
/// of its ring, as nodes did before it was stored, and stores it; all others take that one.
///
/// # Errors
/// [`AtRestError::OtherKeys`] when the ring does not open it; [`AtRestError::Store`].
pub(crate) async fn adopt(store: &Store, vault: &Vault, now: Timestamp) -> Result<(), AtRestError> {
    let stored = match stored(store).await? {
        Some(stored) => stored,
        None => {
            let derived = vault.keyring().derive_fingerprint_key();
            let first = (vault.seal_fingerprint_key(FINGERPRINT_KEY, &derived), now);
            let put = store.write("keyring::fingerprint", first, |tx, (sealed, now)| {
                Box::pin(facts::put_first(tx, FINGERPRINT_KEY, sealed, *now))
            });
            let _: bool = put.await?; // false: another node was quicker, and its key counts
            stored(store).await?.ok_or(StoreError::Unreadable("node_facts"))?
        }
    };
    let opened = vault.open_fingerprint_key(FINGERPRINT_KEY, &stored);
    vault.use_fingerprint_key(opened.map_err(|_| AtRestError::OtherKeys(key_name_of(&stored).to_owned()))?);
    Ok(())
}

/// The fingerprint key as it is stored.
pub(crate) async fn stored(store: &Store) -> Result<Option<String>, StoreError> {
    store.read("keyring::fingerprint", (), |tx, ()| Box::pin(facts::get(tx, FINGERPRINT_KEY))).await
}

/// The name of the key that sealed a value.
pub(crate) fn key_name_of(sealed: &str) -> &str {
    sealed.split_once('.').map_or("", |(name, _)| name)
}
