//! Commands that were given up and whose verification is gone.

use async_trait::async_trait;
use waybill_domain::Timestamp;
use waybill_store::tables::commands;
use waybill_store::tables::verifications::Cursor;
use waybill_store::{StoreError, Tx};

use super::{Batch, Thing};
use crate::tally::Tally;

pub(super) struct DeadLetters {
    pub before: Timestamp,
}

#[async_trait]
impl Thing for DeadLetters {
    async fn delete(&self, tx: &mut Tx, _: Option<Cursor>, limit: u32) -> Result<Batch, StoreError> {
        let gone = commands::purge_orphans(tx, self.before, limit).await?;
        let mut deleted = Tally::of("commands", gone.commands);
        deleted.add("callback_deliveries", gone.deliveries);
        Ok(Batch::of(deleted, gone.commands, limit))
    }
}
