//! How many values each key has sealed.

use std::collections::BTreeMap;

use super::{Ids, VERIFICATION_COLUMNS, WCO_CASE_COLUMNS, WCO_RESULT_COLUMNS};
use crate::sql::values;
use crate::{StoreError, Tx};

/// A table with sealed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedTable {
    /// Private keys of ours.
    OwnKeys,
    /// Personal data.
    Verifications,
    /// What World-Check said of the persons of a request.
    WcoResults,
    /// What World-Check was asked about one person, and said.
    WcoCases,
}

impl SealedTable {
    /// All of them, in the order in which they are gone through: the few values on which much depends first.
    pub const ALL: [Self; 4] = [Self::OwnKeys, Self::Verifications, Self::WcoResults, Self::WcoCases];

    /// The one with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnKeys => "own_keys",
            Self::Verifications => "verifications",
            Self::WcoResults => "refinitiv_wco_results",
            Self::WcoCases => "refinitiv_wco_cases",
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
        SealedTable::WcoResults => {
            "/* sealed::id_after */ SELECT MIN(id) AS id FROM refinitiv_wco_results WHERE id > ?"
        }
        SealedTable::WcoCases => {
            "/* sealed::id_after */ SELECT MIN(id) AS id FROM refinitiv_wco_cases WHERE id > ?"
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
        SealedTable::WcoResults => "/* sealed::highest_id */ SELECT MAX(id) AS id FROM refinitiv_wco_results",
        SealedTable::WcoCases => "/* sealed::highest_id */ SELECT MAX(id) AS id FROM refinitiv_wco_cases",
    };
    let row = tx.fetch_optional(statement, &[]).await?;
    Ok(row.map_or(Ok(None), |row| row.opt_int("id"))?.unwrap_or(0))
}

/// How many values of a stretch of ids each key has sealed. A value that names no key counts under the empty name.
///
/// # Errors
/// [`StoreError`].
pub async fn count_by_key(
    tx: &mut Tx,
    table: SealedTable,
    ids: Ids,
) -> Result<BTreeMap<String, u64>, StoreError> {
    // 17: the longest name of a key, and the dot behind it.
    let (statement, columns): (_, &[&str]) = match table {
        SealedTable::OwnKeys => (
            "/* sealed::count_by_key */ SELECT SUBSTR(private_key, 1, 17) AS private_key FROM own_keys
             WHERE id BETWEEN ? AND ?",
            &["private_key"],
        ),
        SealedTable::Verifications => (
            "/* sealed::count_by_key */ SELECT SUBSTR(message, 1, 17) AS message,
               SUBSTR(ivms101_originator, 1, 17) AS ivms101_originator,
               SUBSTR(ivms101_originating_vasp, 1, 17) AS ivms101_originating_vasp,
               SUBSTR(ivms101_beneficiary, 1, 17) AS ivms101_beneficiary,
               SUBSTR(ivms101_beneficiary_vasp, 1, 17) AS ivms101_beneficiary_vasp
             FROM verifications WHERE verification_id BETWEEN ? AND ?",
            &VERIFICATION_COLUMNS,
        ),
        SealedTable::WcoResults => (
            "/* sealed::count_by_key */ SELECT SUBSTR(aggregated_result_summaries, 1, 17) AS aggregated_result_summaries
             FROM refinitiv_wco_results WHERE id BETWEEN ? AND ?",
            &WCO_RESULT_COLUMNS,
        ),
        SealedTable::WcoCases => (
            "/* sealed::count_by_key */ SELECT SUBSTR(asked, 1, 17) AS asked,
               SUBSTR(aggregated_result_summaries, 1, 17) AS aggregated_result_summaries
             FROM refinitiv_wco_cases WHERE id BETWEEN ? AND ?",
            &WCO_CASE_COLUMNS,
        ),
    };
    let mut counts = BTreeMap::new();
    for row in tx.fetch_all(statement, values![ids.first, ids.last]).await? {
        for column in columns {
            if let Some(value) = row.opt_text(column)? {
                let name = value.split_once('.').map_or("", |(name, _)| name);
                *counts.entry(name.to_owned()).or_default() += 1;
            }
        }
    }
    Ok(counts)
}
