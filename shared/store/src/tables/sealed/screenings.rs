//! What World-Check was asked, and said.

use super::count::id_after;
use super::{Ids, SealedTable, sealed_with};
use crate::sql::{Row, values};
use crate::{StoreError, Tx};

/// The sealed columns of `refinitiv_wco_results`.
pub const WCO_RESULT_COLUMNS: [&str; 1] = ["aggregated_result_summaries"];
/// The sealed columns of `refinitiv_wco_cases`.
pub const WCO_CASE_COLUMNS: [&str; 2] = ["asked", "aggregated_result_summaries"];

/// One sealed value as it is stored.
#[derive(Clone)]
pub struct SealedCell {
    /// The row.
    pub id: i64,
    /// What the row is called, which the value's place is made of: the request id, or the case id.
    pub name: String,
    /// The column.
    pub column: &'static str,
    /// The sealed value.
    pub sealed: String,
}

/// Values of World-Check requests among the next `span` ids after `after` that are not sealed with a key, and the last id
/// that was looked at; `None` when there is no row after it.
///
/// # Errors
/// [`StoreError`].
pub async fn wco_results_elsewhere(
    tx: &mut Tx,
    key_name: &str,
    after: i64,
    span: u32,
) -> Result<Option<(Vec<SealedCell>, i64)>, StoreError> {
    let Some(first) = id_after(tx, SealedTable::WcoResults, after).await? else { return Ok(None) };
    let (ids, pattern) = (Ids { first, last: first + i64::from(span) - 1 }, sealed_with(key_name));
    let rows = tx
        .fetch_all(
            "/* sealed::wco_results_elsewhere */ SELECT id, request_id AS name, aggregated_result_summaries
             FROM refinitiv_wco_results WHERE id BETWEEN ? AND ? AND aggregated_result_summaries NOT LIKE ? ORDER BY id",
            values![ids.first, ids.last, &pattern],
        )
        .await?;
    Ok(Some((cells(&rows, &WCO_RESULT_COLUMNS, key_name)?, ids.last)))
}

/// Values of cases among the next `span` ids after `after` that are not sealed with a key, and the last id that was looked
/// at; `None` when there is no row after it.
///
/// # Errors
/// [`StoreError`].
pub async fn wco_cases_elsewhere(
    tx: &mut Tx,
    key_name: &str,
    after: i64,
    span: u32,
) -> Result<Option<(Vec<SealedCell>, i64)>, StoreError> {
    let Some(first) = id_after(tx, SealedTable::WcoCases, after).await? else { return Ok(None) };
    let (ids, pattern) = (Ids { first, last: first + i64::from(span) - 1 }, sealed_with(key_name));
    let rows = tx
        .fetch_all(
            "/* sealed::wco_cases_elsewhere */ SELECT id, case_id AS name, asked, aggregated_result_summaries
             FROM refinitiv_wco_cases WHERE id BETWEEN ? AND ?
               AND (asked NOT LIKE ? OR aggregated_result_summaries NOT LIKE ?) ORDER BY id",
            values![ids.first, ids.last, &pattern, &pattern],
        )
        .await?;
    Ok(Some((cells(&rows, &WCO_CASE_COLUMNS, key_name)?, ids.last)))
}

fn cells(rows: &[Row], columns: &[&'static str], key_name: &str) -> Result<Vec<SealedCell>, StoreError> {
    let mut cells = Vec::new();
    for row in rows {
        for column in columns {
            let sealed = row.opt_text(column)?;
            let is_elsewhere =
                |sealed: &String| sealed.split_once('.').is_none_or(|(name, _)| name != key_name);
            if let Some(sealed) = sealed.filter(is_elsewhere) {
                cells.push(SealedCell { id: row.int("id")?, name: row.text("name")?, column, sealed });
            }
        }
    }
    Ok(cells)
}

/// Puts a value of a World-Check request sealed anew in the place of an old one, unless something else stands there by now.
///
/// # Errors
/// [`StoreError`].
pub async fn replace_wco_result(tx: &mut Tx, cell: &SealedCell, new: &str) -> Result<(), StoreError> {
    tx.execute(
        "/* sealed::replace_wco_result */ UPDATE refinitiv_wco_results SET aggregated_result_summaries = ?
         WHERE id = ? AND aggregated_result_summaries = ?",
        values![new, cell.id, &cell.sealed],
    )
    .await
    .map(drop)
}

/// Puts a value of a case sealed anew in the place of an old one, unless something else stands there by now.
///
/// # Errors
/// [`StoreError`].
pub async fn replace_wco_case(tx: &mut Tx, cell: &SealedCell, new: &str) -> Result<(), StoreError> {
    let statement = if cell.column == "asked" {
        "/* sealed::replace_wco_asked */ UPDATE refinitiv_wco_cases SET asked = ? WHERE id = ? AND asked = ?"
    } else {
        "/* sealed::replace_wco_summary */ UPDATE refinitiv_wco_cases SET aggregated_result_summaries = ?
         WHERE id = ? AND aggregated_result_summaries = ?"
    };
    tx.execute(statement, values![new, cell.id, &cell.sealed]).await.map(drop)
}
