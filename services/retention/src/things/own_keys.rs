//! Our own key pairs, once nothing sealed to them can come any more.

use async_trait::async_trait;
use waybill_store::tables::own_keys::{self, Needless};
use waybill_store::tables::verifications::Cursor;
use waybill_store::{StoreError, Tx};

use super::{Batch, Thing};
use crate::tally::Tally;

pub(super) struct OwnKeys {
    pub needless: Needless,
}

#[async_trait]
impl Thing for OwnKeys {
    async fn delete(&self, tx: &mut Tx, _: Option<Cursor>, limit: u32) -> Result<Batch, StoreError> {
        let rows = own_keys::purge(tx, self.needless, limit).await?;
        Ok(Batch::of(Tally::of("own_keys", rows), rows, limit))
    }
}
