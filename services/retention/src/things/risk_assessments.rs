//! Risk assessments whose verification is gone: asked for while it was being deleted.

use async_trait::async_trait;
use waybill_domain::Timestamp;
use waybill_store::tables::history;
use waybill_store::tables::verifications::Cursor;
use waybill_store::{StoreError, Tx};

use super::{Batch, Next, Thing};
use crate::tally::Tally;

pub(super) struct RiskAssessments {
    pub before: Timestamp,
}

#[async_trait]
impl Thing for RiskAssessments {
    async fn delete(&self, tx: &mut Tx, _: Option<Cursor>, limit: u32) -> Result<Batch, StoreError> {
        let (gone, more) = history::purge_orphans(tx, self.before, limit).await?;
        let mut deleted = Tally::default();
        for (table, rows) in gone.by_table() {
            deleted.add(table, rows);
        }
        Ok(Batch { deleted, next: if more { Next::Again } else { Next::Nothing } })
    }
}
