//! Messages that were seen: a repetition would no longer have a valid signature.

use async_trait::async_trait;
use waybill_domain::Timestamp;
use waybill_store::tables::received_messages;
use waybill_store::tables::verifications::Cursor;
use waybill_store::{StoreError, Tx};

use super::{Batch, Thing};
use crate::tally::Tally;

pub(super) struct ReceivedMessages {
    pub before: Timestamp,
}

#[async_trait]
impl Thing for ReceivedMessages {
    async fn delete(&self, tx: &mut Tx, _: Option<Cursor>, limit: u32) -> Result<Batch, StoreError> {
        let rows = received_messages::purge(tx, self.before, limit).await?;
        Ok(Batch::of(Tally::of("received_messages", rows), rows, limit))
    }
}
