//! How much room the records take, for operators and benchmarks.

use crate::sql::{Dialect, values};
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

const SQLITE: &str = "/* sizes::measure */ SELECT (SELECT COUNT(*) FROM verifications) AS verifications,
       COALESCE(SUM(CASE WHEN m.tbl_name = 'verifications' THEN s.pgsize ELSE 0 END), 0) AS own_bytes,
       COALESCE(SUM(s.pgsize), 0) AS all_bytes
     FROM dbstat AS s JOIN sqlite_schema AS m ON m.name = s.name WHERE s.aggregate = TRUE";

const MYSQL: &str = "/* sizes::measure */ SELECT (SELECT COUNT(*) FROM verifications) AS verifications,
       CAST(COALESCE(SUM(CASE WHEN table_name = 'verifications' THEN data_length + index_length ELSE 0 END), 0)
         AS SIGNED) AS own_bytes,
       CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED) AS all_bytes
     FROM information_schema.tables WHERE table_schema = DATABASE()";

const POSTGRES: &str = "/* sizes::measure */ SELECT (SELECT COUNT(*) FROM verifications) AS verifications,
       pg_total_relation_size('verifications') AS own_bytes,
       CAST(COALESCE(SUM(pg_total_relation_size(c.oid)), 0) AS bigint) AS all_bytes
     FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace =
       (SELECT v.relnamespace FROM pg_class AS v WHERE v.oid = 'verifications'::regclass)";

/// Measures. Reads every page of a SQLite file, and every key on a server: not for busy times. MySQL's sizes are its
/// estimate, up to a day old.
///
/// # Errors
/// [`StoreError`].
pub async fn measure(tx: &mut Tx) -> Result<Sizes, StoreError> {
    let statement = match tx.dialect() {
        Dialect::Sqlite => SQLITE,
        Dialect::MySql => MYSQL,
        Dialect::Postgres => POSTGRES,
    };
    let row = tx.fetch_optional(statement, &[]).await?.ok_or(StoreError::Unreadable("sizes"))?;
    let bytes = |column| row.int(column).map(i64::unsigned_abs);
    Ok(Sizes {
        verifications: bytes("verifications")?,
        verifications_bytes: bytes("own_bytes")?,
        all_bytes: bytes("all_bytes")?,
    })
}

/// Bytes of one table and its indexes, as exact as [`measure`].
///
/// # Errors
/// [`StoreError`].
pub async fn of_table(tx: &mut Tx, table: &str) -> Result<u64, StoreError> {
    let statement = match tx.dialect() {
        Dialect::Sqlite => {
            "/* sizes::of_table */ SELECT COALESCE(SUM(s.pgsize), 0) AS bytes FROM dbstat AS s
             JOIN sqlite_schema AS m ON m.name = s.name WHERE s.aggregate = TRUE AND m.tbl_name = ?"
        }
        Dialect::MySql => {
            "/* sizes::of_table */ SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED) AS bytes
             FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?"
        }
        Dialect::Postgres => {
            "/* sizes::of_table */ SELECT pg_total_relation_size(CAST(CAST(? AS text) AS regclass)) AS bytes"
        }
    };
    let row = tx.fetch_optional(statement, values![table]).await?.ok_or(StoreError::Unreadable("bytes"))?;
    row.int("bytes").map(i64::unsigned_abs)
}
