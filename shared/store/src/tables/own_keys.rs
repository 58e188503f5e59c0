//! Our own encryption keys. Private keys arrive here sealed.

use waybill_domain::{KeyType, Timestamp, VerificationUuid};

use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// One key pair of ours.
#[derive(Clone)]
pub struct OwnKey {
    /// How widely it is shared.
    pub key_type: KeyType,
    /// The type's name for `PerVasp`, the address for `PerAddress`, the key id for `PerVerification`.
    pub key_identifier: String,
    /// Our name for the key, under which counterparties use it.
    pub key_id: String,
    /// X25519 public key, base64url.
    pub public_key: String,
    /// The private key, sealed at rest.
    pub private_key_sealed: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is no longer given out; it still opens what was sealed to it.
    pub retired_at: Option<Timestamp>,
}

impl std::fmt::Debug for OwnKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnKey").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// Adds a key; false when another one has its identifier and type, or its key id.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, key: &OwnKey) -> Result<bool, StoreError> {
    tx.insert(
        "/* own_keys::insert */ INSERT INTO own_keys
           (type, key_identifier, public_key, private_key, created_at, key_id)
         VALUES (?, ?, ?, ?, ?, ?) {unless there}",
        values![
            key.key_type.as_str(),
            &key.key_identifier,
            &key.public_key,
            &key.private_key_sealed,
            key.created_at,
            &key.key_id,
        ],
    )
    .await
}

/// The key that is given out for an identifier.
///
/// # Errors
/// [`StoreError`].
pub async fn current(
    tx: &mut Tx,
    key_identifier: &str,
    key_type: KeyType,
) -> Result<Option<OwnKey>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* own_keys::current */ SELECT * FROM own_keys
             WHERE key_identifier = ? AND type = ? AND retired_at IS NULL",
            values![key_identifier, key_type.as_str()],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The key with a key id, retired or not.
///
/// # Errors
/// [`StoreError`].
pub async fn by_key_id(tx: &mut Tx, key_id: &str) -> Result<Option<OwnKey>, StoreError> {
    let row = tx
        .fetch_optional("/* own_keys::by_key_id */ SELECT * FROM own_keys WHERE key_id = ?", values![key_id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// Stops giving a key out and frees its identifier for the next; false when it was retired already.
///
/// # Errors
/// [`StoreError`].
pub async fn retire(tx: &mut Tx, key_id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "/* own_keys::retire */ UPDATE own_keys SET retired_at = ?, key_identifier = key_identifier || '#' || key_id
             WHERE key_id = ? AND retired_at IS NULL",
            values![at, key_id],
        )
        .await?;
    Ok(changed == 1)
}

/// Deletes a key; what was sealed to it can no longer be opened.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(tx: &mut Tx, key_id: &str) -> Result<(), StoreError> {
    tx.execute("/* own_keys::delete */ DELETE FROM own_keys WHERE key_id = ?", values![key_id])
        .await
        .map(drop)
}

/// Since when a key must not have been of use to be deleted.
#[derive(Debug, Clone, Copy)]
pub struct Needless {
    /// Retired before this.
    pub retired_before: Timestamp,
    /// `PerVerification`, and made before this.
    pub single_use_before: Timestamp,
    /// `PerAddress`, and made before this: nobody asked for the address again, so nobody retired it.
    pub per_address_before: Timestamp,
}

/// Deletes keys that are needed no more, `limit` at the most; gives how many.
///
/// # Errors
/// [`StoreError`].
pub async fn purge(tx: &mut Tx, needless: Needless, limit: u32) -> Result<u64, StoreError> {
    tx.execute(
        "/* own_keys::purge */ {delete own_keys by id} WHERE retired_at < ?
           OR (type = 'PerVerification' AND created_at < ?) OR (type = 'PerAddress' AND created_at < ?) LIMIT ?",
        values![needless.retired_before, needless.single_use_before, needless.per_address_before, limit],
    )
    .await
}

/// The identifier of the `PerVerification` key to which the counterparty seals its answer about a verification.
pub fn reply_identifier(uuid: VerificationUuid) -> String {
    format!("reply:{uuid}")
}

/// Deletes the reply key of a verification that is deleted; gives how many there were.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_reply_key(tx: &mut Tx, uuid: VerificationUuid) -> Result<u64, StoreError> {
    tx.execute(
        "/* own_keys::delete_reply_key */ DELETE FROM own_keys WHERE key_identifier = ? AND type = 'PerVerification'",
        values![reply_identifier(uuid)],
    )
    .await
}

fn read(row: &Row) -> Result<OwnKey, StoreError> {
    Ok(OwnKey {
        key_type: row.parsed("type")?,
        key_identifier: row.text("key_identifier")?,
        key_id: row.text("key_id")?,
        public_key: row.text("public_key")?,
        private_key_sealed: row.text("private_key")?,
        created_at: row.time("created_at")?,
        retired_at: row.opt_time("retired_at")?,
    })
}
