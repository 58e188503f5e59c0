//! Cached public keys of counterparties.

use waybill_domain::{KeyType, Timestamp, VaspId};

use crate::sql::values;
use crate::{StoreError, Tx};

/// One cached key.
#[derive(Debug, Clone)]
pub struct CounterPartyKey {
    /// How widely the counterparty shares it.
    pub key_type: KeyType,
    /// The counterparty.
    pub vasp_id: VaspId,
    /// The address for `PerAddress`, the VASP id for `PerVasp`.
    pub key_identifier: String,
    /// The name by which the counterparty knows the key.
    pub key_id: String,
    /// X25519 public key, base64url.
    pub public_key: String,
    /// When it was fetched.
    pub created_at: Timestamp,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// Keeps a key in place of the one that was kept before.
///
/// # Errors
/// [`StoreError`].
pub async fn put(tx: &mut Tx, key: &CounterPartyKey) -> Result<(), StoreError> {
    tx.execute(
        "/* counter_party_keys::put */ INSERT INTO counter_party_keys
           (type, vasp_id, key_identifier, public_key, created_at, key_id, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         {update on (vasp_id, key_identifier, type)} public_key = {new.public_key},
           created_at = {new.created_at}, key_id = {new.key_id}, expires_at = {new.expires_at}",
        values![
            key.key_type.as_str(),
            key.vasp_id,
            &key.key_identifier,
            &key.public_key,
            key.created_at,
            &key.key_id,
            key.expires_at,
        ],
    )
    .await
    .map(drop)
}

/// The cached key, expired or not.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    tx: &mut Tx,
    vasp_id: VaspId,
    key_identifier: &str,
    key_type: KeyType,
) -> Result<Option<CounterPartyKey>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* counter_party_keys::find */ SELECT * FROM counter_party_keys
             WHERE vasp_id = ? AND key_identifier = ? AND type = ?",
            values![vasp_id, key_identifier, key_type.as_str()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(CounterPartyKey {
        key_type: row.parsed("type")?,
        vasp_id: row.vasp_id("vasp_id")?,
        key_identifier: row.text("key_identifier")?,
        key_id: row.text("key_id")?,
        public_key: row.text("public_key")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    }))
}

/// Forgets keys that expired before `before`, `limit` at the most; gives how many.
///
/// # Errors
/// [`StoreError`].
pub async fn purge(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
    tx.execute(
        "/* counter_party_keys::purge */ {delete counter_party_keys by id}
         WHERE expires_at < ? ORDER BY expires_at LIMIT ?",
        values![before, limit],
    )
    .await
}
