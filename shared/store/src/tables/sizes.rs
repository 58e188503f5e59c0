//! How much room the records take, for operators and benchmarks.

use crate::{StoreError, Tx};

/// Bytes of tables with their indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Number of verifications.
    pub verifications: u64,
    /// Bytes of the table `verifications` and its indexes.
    pub verifications_bytes: u64,
    /// Bytes of all tables and indexes.
    pub all_bytes: u64,
}

/// Measures. Reads every page of the database: not for busy times.
///
/// # Errors
/// [`StoreError`].
pub async fn measure(tx: &mut Tx) -> Result<Sizes, StoreError> {
    let row = tx
        .fetch_optional(
            "/* sizes::measure */ SELECT (SELECT COUNT(*) FROM verifications) AS verifications,
               COALESCE(SUM(CASE WHEN m.tbl_name = 'verifications' THEN s.pgsize ELSE 0 END), 0) AS own_bytes,
               COALESCE(SUM(s.pgsize), 0) AS all_bytes
             FROM dbstat AS s JOIN sqlite_schema AS m ON m.name = s.name WHERE s.aggregate = TRUE",
            &[],
        )
        .await?
        .ok_or(StoreError::Unreadable("dbstat"))?;
    let bytes = |column| row.int(column).map(i64::unsigned_abs);
    Ok(Sizes {
        verifications: bytes("verifications")?,
        verifications_bytes: bytes("own_bytes")?,
        all_bytes: bytes("all_bytes")?,
    })
}
