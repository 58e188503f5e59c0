//! How many stored values are sealed with a key. Reads every sealed value, some at a time.

use waybill_crypto::Keyring;
use waybill_store::tables::sealed::{self, Ids, SealedTable};
use waybill_store::{Store, StoreError};

use crate::at_rest::fingerprint::stored;

/// Ids in one reading: a reading that lasts would keep the write-ahead log of SQLite from being folded in.
const AT_A_TIME: i64 = 5000;

/// The number of stored values that a key has sealed.
pub(super) async fn sealed_with(store: &Store, name: &str) -> Result<u64, StoreError> {
    let fact = stored(store).await?.is_some_and(|sealed| Keyring::is_sealed_with(&sealed, name));
    let mut sum = u64::from(fact);
    for table in [SealedTable::OwnKeys, SealedTable::Verifications] {
        let last: i64 =
            store.read("keys::highest", table, |tx, table| Box::pin(sealed::highest_id(tx, *table))).await?;
        let mut first = 0;
        while first <= last {
            let args = (table, name.to_owned(), Ids { first, last: first + AT_A_TIME - 1 });
            let count: u64 = store
                .read("keys::count", args, |tx, (table, name, ids)| {
                    Box::pin(sealed::count(tx, *table, name, *ids))
                })
                .await?;
            sum += count;
            first += AT_A_TIME;
        }
    }
    Ok(sum)
}
