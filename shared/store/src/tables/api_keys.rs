//! API keys of the VASP's own programs. Only hashes are stored.

use waybill_domain::{ApiKeyId, Timestamp};

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// One API key.
#[derive(Debug, Clone)]
pub struct ApiKeyRow {
    /// Its public name, a part of the key.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// SHA-256 of the secret part, hexadecimal.
    pub secret_hash: String,
    /// What it may do, comma-separated.
    pub scopes: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it no longer works.
    pub revoked_at: Option<Timestamp>,
}

/// Adds a key.
///
/// # Errors
/// [`StoreError`], also when the id is taken.
pub async fn insert(tx: &mut Tx, key: &ApiKeyRow) -> Result<(), StoreError> {
    let values = values![&key.id.0, &key.name, &key.secret_hash, &key.scopes, key.created_at];
    tx.execute(
        "/* api_keys::insert */ INSERT INTO api_keys (api_key_id, name, secret_hash, scopes, created_at)
         VALUES (?, ?, ?, ?, ?)",
        values,
    )
    .await
    .map(drop)
}

/// All keys, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(tx: &mut Tx) -> Result<Vec<ApiKeyRow>, StoreError> {
    let rows = tx
        .fetch_all("/* api_keys::list */ SELECT * FROM api_keys ORDER BY created_at, api_key_id", &[])
        .await?;
    rows.iter().map(read).collect()
}

/// Revokes a key; false when there is none with that id that still works.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke(tx: &mut Tx, id: &ApiKeyId, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "/* api_keys::revoke */ UPDATE api_keys SET revoked_at = ? WHERE api_key_id = ? AND revoked_at IS NULL",
            values![at, &id.0],
        )
        .await?;
    Ok(changed == 1)
}

fn read(row: &Row) -> Result<ApiKeyRow, StoreError> {
    Ok(ApiKeyRow {
        id: ApiKeyId(row.text("api_key_id")?),
        name: row.text("name")?,
        secret_hash: row.text("secret_hash")?,
        scopes: row.text("scopes")?,
        created_at: row.time("created_at")?,
        revoked_at: row.opt_time("revoked_at")?,
    })
}
