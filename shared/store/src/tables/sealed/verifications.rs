//! Personal data of verifications.

use super::count::id_after;
use super::{Ids, SealedTable, sealed_with};
use crate::sql::{Row, Value, values};
use crate::{StoreError, Tx};

/// The sealed columns, in the order of [`Cells`].
pub const VERIFICATION_COLUMNS: [&str; 5] = [
    "ivms101_originator",
    "ivms101_originating_vasp",
    "ivms101_beneficiary",
    "ivms101_beneficiary_vasp",
    "message",
];

/// One value for each sealed column.
pub type Cells = [Option<String>; 5];

/// For each sealed column what stands there, and what is to stand there; `None` leaves it alone.
pub type Replacements = [Option<(String, String)>; 5];

/// The sealed values of a verification as they are stored.
#[derive(Clone)]
pub struct SealedVerification {
    /// The row.
    pub id: i64,
    /// The verification's uuid as it is stored: unreadable ones must not keep the others from being read.
    pub uuid: String,
    /// All sealed values, those sealed with the wanted key too.
    pub cells: Cells,
}

/// Verifications among the next `span` ids after `after` with a value that is not sealed with a key, and the last id that
/// was looked at; `None` when there is no row after it.
///
/// # Errors
/// [`StoreError`].
pub async fn verifications_elsewhere(
    tx: &mut Tx,
    key_name: &str,
    after: i64,
    span: u32,
) -> Result<Option<(Vec<SealedVerification>, i64)>, StoreError> {
    let Some(first) = id_after(tx, SealedTable::Verifications, after).await? else { return Ok(None) };
    let ids = Ids { first, last: first + i64::from(span) - 1 };
    let pattern = sealed_with(key_name);
    let rows = tx
        .fetch_all(
            "/* sealed::verifications_elsewhere */ SELECT verification_id, verification_uuid, message,
               ivms101_originator, ivms101_originating_vasp, ivms101_beneficiary, ivms101_beneficiary_vasp
             FROM verifications WHERE verification_id BETWEEN ? AND ?
               AND (message NOT LIKE ? OR ivms101_originator NOT LIKE ? OR ivms101_originating_vasp NOT LIKE ?
                 OR ivms101_beneficiary NOT LIKE ? OR ivms101_beneficiary_vasp NOT LIKE ?)
             ORDER BY verification_id",
            values![ids.first, ids.last, &pattern, &pattern, &pattern, &pattern, &pattern],
        )
        .await?;
    Ok(Some((rows.iter().map(read).collect::<Result<_, _>>()?, ids.last)))
}

/// Puts values sealed anew in the place of old ones. A column that holds something else by now is left alone.
///
/// # Errors
/// [`StoreError`].
pub async fn replace_verification(tx: &mut Tx, id: i64, cells: &Replacements) -> Result<(), StoreError> {
    let mut values: Vec<Value<'_>> = Vec::with_capacity(11);
    for cell in cells {
        let (old, new) = cell.as_ref().map(|(old, new)| (old.as_str(), new.as_str())).unzip();
        values.extend([Value::from(old), Value::from(new)]);
    }
    values.push(Value::from(id));
    tx.execute(
        "/* sealed::replace_verification */ UPDATE verifications SET
           ivms101_originator = CASE WHEN ivms101_originator = ? THEN ? ELSE ivms101_originator END,
           ivms101_originating_vasp = CASE WHEN ivms101_originating_vasp = ? THEN ? ELSE ivms101_originating_vasp END,
           ivms101_beneficiary = CASE WHEN ivms101_beneficiary = ? THEN ? ELSE ivms101_beneficiary END,
           ivms101_beneficiary_vasp = CASE WHEN ivms101_beneficiary_vasp = ? THEN ? ELSE ivms101_beneficiary_vasp END,
           message = CASE WHEN message = ? THEN ? ELSE message END
         WHERE verification_id = ?",
        &values,
    )
    .await
    .map(drop)
}

fn read(row: &Row) -> Result<SealedVerification, StoreError> {
    let mut cells = Cells::default();
    for (cell, column) in cells.iter_mut().zip(VERIFICATION_COLUMNS) {
        *cell = row.opt_text(column)?;
    }
    Ok(SealedVerification { id: row.int("verification_id")?, uuid: row.text("verification_uuid")?, cells })
}
