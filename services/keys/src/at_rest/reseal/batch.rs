//! One step: some values are read, sealed anew, and put back where nothing else has taken their place.

use waybill_crypto::Keyring;
use waybill_domain::{Timestamp, VerificationUuid};
use waybill_store::tables::facts;
use waybill_store::tables::sealed::{
    self, Replacements, SealedCell, SealedOwnKey, SealedTable, SealedVerification, VERIFICATION_COLUMNS,
    own_keys_elsewhere, verifications_elsewhere, wco_cases_elsewhere, wco_results_elsewhere,
};
use waybill_store::{Store, StoreError, Tx};
use waybill_vault::{Column, ScreeningColumn, Vault};

use super::tables::FACTS;
use crate::at_rest::fingerprint::{FINGERPRINT_KEY, stored};

/// The columns in the order in which the store gives them.
const COLUMNS: [Column; 5] = [
    Column::Originator,
    Column::OriginatingVasp,
    Column::Beneficiary,
    Column::BeneficiaryVasp,
    Column::Message,
];

/// Values sealed anew, to be written in one transaction.
#[derive(Default)]
pub(super) struct Batch {
    writes: Vec<Write>,
    /// Values sealed anew.
    pub found: u32,
    /// Values that do not open: where they are.
    pub unreadable: Vec<Unreadable>,
    /// The last id that was looked at; `None` at the end of the table.
    pub up_to: Option<i64>,
}

/// Where a value that does not open is. Never what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub table: &'static str,
    pub column: &'static str,
    pub id: i64,
}

enum Write {
    Fact { old: String, new: String },
    OwnKey { id: i64, old: String, new: String },
    Verification { id: i64, cells: Box<Replacements> },
    WcoResult { cell: SealedCell, new: String },
    WcoCase { cell: SealedCell, new: String },
}

/// Reads the next values of a table that are not sealed with `key`, and seals them anew.
pub(super) async fn prepare(
    store: &Store,
    vault: &Vault,
    key: &str,
    table: &str,
    after: i64,
    span: u32,
) -> Result<Batch, StoreError> {
    let mut batch = Batch::default();
    let (next, range) = (key.to_owned(), (after, span));
    match SealedTable::named(table) {
        None => {
            let fact = stored(store).await?.filter(|sealed| !Keyring::is_sealed_with(sealed, key));
            fact.into_iter().for_each(|old| batch.add_fact(vault, old));
        }
        Some(SealedTable::OwnKeys) => {
            let read = store.read("reseal::own_keys", (next, range), |tx, (key, (after, span))| {
                Box::pin(own_keys_elsewhere(tx, key, *after, *span))
            });
            if let Some((rows, up_to)) = read.await? {
                batch.up_to = Some(up_to);
                rows.into_iter().for_each(|row| batch.add_own_key(vault, row));
            }
        }
        Some(SealedTable::Verifications) => {
            let read = store.read("reseal::verifications", (next, range), |tx, (key, (after, span))| {
                Box::pin(verifications_elsewhere(tx, key, *after, *span))
            });
            if let Some((rows, up_to)) = read.await? {
                batch.up_to = Some(up_to);
                for row in rows {
                    batch.add_verification(vault, key, row);
                    tokio::task::yield_now().await; // a row is the longest that others on this thread wait
                }
            }
        }
        Some(table @ (SealedTable::WcoResults | SealedTable::WcoCases)) => {
            let args = (next, range, table == SealedTable::WcoResults);
            let read = store.read("reseal::screenings", args, |tx, (key, (after, span), of_results)| {
                Box::pin(async move {
                    if *of_results {
                        wco_results_elsewhere(tx, key, *after, *span).await
                    } else {
                        wco_cases_elsewhere(tx, key, *after, *span).await
                    }
                })
            });
            if let Some((cells, up_to)) = read.await? {
                batch.up_to = Some(up_to);
                for cell in cells {
                    batch.add_screening(vault, table, cell);
                    tokio::task::yield_now().await;
                }
            }
        }
    }
    Ok(batch)
}

impl Batch {
    fn add_fact(&mut self, vault: &Vault, old: String) {
        let Ok(key) = vault.open_fingerprint_key(FINGERPRINT_KEY, &old) else {
            return self.unreadable(FACTS, "value", 0);
        };
        self.found += 1;
        let new = vault.seal_fingerprint_key(FINGERPRINT_KEY, &key);
        self.writes.push(Write::Fact { old, new });
    }

    fn add_own_key(&mut self, vault: &Vault, row: SealedOwnKey) {
        let Ok(key) = vault.open_private_key(&row.key_id, &row.sealed) else {
            return self.unreadable(SealedTable::OwnKeys.name(), "private_key", row.id);
        };
        self.found += 1;
        let new = vault.seal_private_key(&row.key_id, &key);
        self.writes.push(Write::OwnKey { id: row.id, old: row.sealed, new });
    }

    fn add_verification(&mut self, vault: &Vault, key: &str, row: SealedVerification) {
        let uuid: Option<VerificationUuid> = row.uuid.parse().ok();
        let mut cells = Replacements::default();
        let places = COLUMNS.into_iter().zip(VERIFICATION_COLUMNS);
        for ((cell, replacement), (column, name)) in row.cells.into_iter().zip(&mut cells).zip(places) {
            let Some(old) = cell.filter(|sealed| !Keyring::is_sealed_with(sealed, key)) else { continue };
            let opened = uuid.and_then(|uuid| Some((uuid, vault.open_column(uuid, column, &old).ok()?)));
            match opened {
                Some((uuid, text)) => {
                    self.found += 1;
                    *replacement = Some((old, vault.seal_column(uuid, column, &text)));
                }
                None => self.unreadable(SealedTable::Verifications.name(), name, row.id),
            }
        }
        if cells.iter().any(Option::is_some) {
            self.writes.push(Write::Verification { id: row.id, cells: Box::new(cells) });
        }
    }

    fn add_screening(&mut self, vault: &Vault, table: SealedTable, cell: SealedCell) {
        let here = |column: &ScreeningColumn| column.table() == table.name() && column.name() == cell.column;
        let opened = ScreeningColumn::ALL
            .into_iter()
            .find(here)
            .and_then(|column| Some((column, vault.open_screening(column, &cell.name, &cell.sealed).ok()?)));
        let Some((column, text)) = opened else {
            return self.unreadable(table.name(), cell.column, cell.id);
        };
        self.found += 1;
        let new = vault.seal_screening(column, &cell.name, &text);
        self.writes.push(match table {
            SealedTable::WcoResults => Write::WcoResult { cell, new },
            _ => Write::WcoCase { cell, new },
        });
    }

    fn unreadable(&mut self, table: &'static str, column: &'static str, id: i64) {
        self.unreadable.push(Unreadable { table, column, id });
    }

    /// Writes it. A place that holds something else by now is left alone: a later pass looks at it again.
    pub(super) async fn write(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
        for write in &self.writes {
            match write {
                Write::Fact { old, new } => facts::replace(tx, FINGERPRINT_KEY, old, new, now).await?,
                Write::OwnKey { id, old, new } => sealed::replace_own_key(tx, *id, old, new).await?,
                Write::Verification { id, cells } => sealed::replace_verification(tx, *id, cells).await?,
                Write::WcoResult { cell, new } => sealed::replace_wco_result(tx, cell, new).await?,
                Write::WcoCase { cell, new } => sealed::replace_wco_case(tx, cell, new).await?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use waybill_store::tables::sealed::{WCO_CASE_COLUMNS, WCO_RESULT_COLUMNS};

    use super::*;

    #[test]
    fn the_columns_of_vault_and_store_are_the_same_in_the_same_order() {
        assert_eq!(COLUMNS.map(Column::name), VERIFICATION_COLUMNS);
        assert!(Column::ALL.iter().all(|column| COLUMNS.contains(column)));
        let of = |table: SealedTable| {
            let here = ScreeningColumn::ALL.into_iter().filter(move |column| column.table() == table.name());
            here.map(ScreeningColumn::name).collect::<Vec<_>>()
        };
        assert_eq!(of(SealedTable::WcoResults), WCO_RESULT_COLUMNS);
        assert_eq!(of(SealedTable::WcoCases), WCO_CASE_COLUMNS);
    }
}
