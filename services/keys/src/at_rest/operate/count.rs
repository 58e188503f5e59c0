//! How many stored values each key has sealed. Reads every sealed value once, some at a time.

use std::collections::BTreeMap;

use waybill_store::tables::sealed::{self, Ids, SealedTable};
use waybill_store::{Store, StoreError};

use crate::at_rest::fingerprint::{key_name_of, stored};

/// Ids in one reading: a reading that lasts would keep the write-ahead log of SQLite from being folded in.
const AT_A_TIME: i64 = 5000;

/// Stored values by the name of the key that has sealed them.
pub(super) struct Counts(BTreeMap<String, u64>);

impl Counts {
    /// Looks at everything.
    pub(super) async fn of(store: &Store) -> Result<Self, StoreError> {
        let mut counts = BTreeMap::new();
        if let Some(fact) = stored(store).await? {
            counts.insert(key_name_of(&fact).to_owned(), 1);
        }
        for table in SealedTable::ALL {
            let last: i64 = store
                .read("keys::highest", table, |tx, table| Box::pin(sealed::highest_id(tx, *table)))
                .await?;
            let mut first = 0;
            while first <= last {
                let args = (table, Ids { first, last: first + AT_A_TIME - 1 });
                let some: Result<BTreeMap<String, u64>, StoreError> = store
                    .read("keys::count", args, |tx, (table, ids)| {
                        Box::pin(sealed::count_by_key(tx, *table, *ids))
                    })
                    .await;
                for (name, count) in some? {
                    *counts.entry(name).or_default() += count;
                }
                first += AT_A_TIME;
            }
        }
        Ok(Self(counts))
    }

    /// Values that a key has sealed.
    pub(super) fn with(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// Values that something else than this key has sealed.
    pub(super) fn without(&self, name: &str) -> u64 {
        self.0.values().sum::<u64>() - self.with(name)
    }
}
