//! How many values are sealed with a key.

use super::{Ids, sealed_with};
use crate::sql::values;
use crate::{StoreError, Tx};

/// A table with sealed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedTable {
    /// Private keys of ours.
    OwnKeys,
    /// Personal data.
    Verifications,
}

impl SealedTable {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnKeys => "own_keys",
            Self::Verifications => "verifications",
        }
    }
}

/// The first id after another one.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn id_after(tx: &mut Tx, table: SealedTable, after: i64) -> Result<Option<i64>, StoreError> {
    let statement = match table {
        SealedTable::OwnKeys => "/* sealed::id_after */ SELECT MIN(id) AS id FROM own_keys WHERE id > ?",
        SealedTable::Verifications => {
            "/* sealed::id_after */ SELECT MIN(verification_id) AS id FROM verifications WHERE verification_id > ?"
        }
    };
    let row = tx.fetch_optional(statement, values![after]).await?;
    row.map_or(Ok(None), |row| row.opt_int("id"))
}

/// The highest id of a table; 0 when it is empty.
///
/// # Errors
/// [`StoreError`].
pub async fn highest_id(tx: &mut Tx, table: SealedTable) -> Result<i64, StoreError> {
    let statement = match table {
        SealedTable::OwnKeys => "/* sealed::highest_id */ SELECT MAX(id) AS id FROM own_keys",
        SealedTable::Verifications => {
            "/* sealed::highest_id */ SELECT MAX(verification_id) AS id FROM verifications"
        }
    };
    let row = tx.fetch_optional(statement, &[]).await?;
    Ok(row.map_or(Ok(None), |row| row.opt_int("id"))?.unwrap_or(0))
}

/// How many values of a stretch of ids are sealed with a key.
///
/// # Errors
/// [`StoreError`].
pub async fn count(tx: &mut Tx, table: SealedTable, key_name: &str, ids: Ids) -> Result<u64, StoreError> {
    let pattern = sealed_with(key_name);
    let row = match table {
        SealedTable::OwnKeys => {
            tx.fetch_optional(
                "/* sealed::count */ SELECT COUNT(*) AS n FROM own_keys
                 WHERE id BETWEEN ? AND ? AND private_key LIKE ?",
                values![ids.first, ids.last, &pattern],
            )
            .await?
        }
        SealedTable::Verifications => {
            tx.fetch_optional(
                "/* sealed::count */ SELECT COUNT(CASE WHEN message LIKE ? THEN 1 END)
                   + COUNT(CASE WHEN ivms101_originator LIKE ? THEN 1 END)
                   + COUNT(CASE WHEN ivms101_originating_vasp LIKE ? THEN 1 END)
                   + COUNT(CASE WHEN ivms101_beneficiary LIKE ? THEN 1 END)
                   + COUNT(CASE WHEN ivms101_beneficiary_vasp LIKE ? THEN 1 END) AS n
                 FROM verifications WHERE verification_id BETWEEN ? AND ?",
                values![&pattern, &pattern, &pattern, &pattern, &pattern, ids.first, ids.last],
            )
            .await?
        }
    };
    row.map_or(Ok(0), |row| row.int("n").map(i64::unsigned_abs))
}
