//! Public keys of counterparties that have expired.

use async_trait::async_trait;
use waybill_domain::Timestamp;
use waybill_store::tables::counter_party_keys;
use waybill_store::tables::verifications::Cursor;
use waybill_store::{StoreError, Tx};

use super::{Batch, Thing};
use crate::tally::Tally;

pub(super) struct CounterpartyKeys {
    pub expired_before: Timestamp,
}

#[async_trait]
impl Thing for CounterpartyKeys {
    async fn delete(&self, tx: &mut Tx, _: Option<Cursor>, limit: u32) -> Result<Batch, StoreError> {
        let rows = counter_party_keys::purge(tx, self.expired_before, limit).await?;
        Ok(Batch::of(Tally::of("counter_party_keys", rows), rows, limit))
    }
}
