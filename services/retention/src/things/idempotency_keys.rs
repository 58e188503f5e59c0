//! Answers kept for requests that come again.

use async_trait::async_trait;
use waybill_domain::Timestamp;
use waybill_store::tables::idempotency;
use waybill_store::tables::verifications::Cursor;
use waybill_store::{StoreError, Tx};

use super::{Batch, Thing};
use crate::tally::Tally;

pub(super) struct IdempotencyKeys {
    pub before: Timestamp,
}

#[async_trait]
impl Thing for IdempotencyKeys {
    async fn delete(&self, tx: &mut Tx, _: Option<Cursor>, limit: u32) -> Result<Batch, StoreError> {
        let rows = idempotency::purge(tx, self.before, limit).await?;
        Ok(Batch::of(Tally::of("idempotency_keys", rows), rows, limit))
    }
}
