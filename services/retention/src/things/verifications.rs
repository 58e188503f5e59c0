//! Verifications, with everything that belongs to them. One whose outcome is open, or about which something is still to
//! be done, is kept however old it is.

use async_trait::async_trait;
use waybill_store::tables::verifications::{self, Cursor, Old, Outdated};
use waybill_store::tables::{callback_deliveries, commands, history, own_keys};
use waybill_store::{StoreError, Tx};

use super::{Batch, Next, Thing};
use crate::tally::Tally;

pub(super) struct Verifications {
    pub outdated: Outdated,
}

#[async_trait]
impl Thing for Verifications {
    async fn delete(&self, tx: &mut Tx, from: Option<Cursor>, limit: u32) -> Result<Batch, StoreError> {
        let old = verifications::oldest(tx, self.outdated.created_before, from, limit).await?;
        let mut deleted = Tally::default();
        for one in &old {
            // First the row itself: whoever changes it at the same time then waits for us, or we for them.
            if verifications::delete_old(tx, one, &self.outdated).await? {
                deleted.add("verifications", 1);
                delete_belongings(tx, one, &mut deleted).await?;
            }
        }
        let full = old.len() >= limit as usize;
        let next = old.last().filter(|_| full).map_or(Next::Nothing, |last| Next::After(last.place));
        Ok(Batch { deleted, next })
    }
}

async fn delete_belongings(tx: &mut Tx, one: &Old, deleted: &mut Tally) -> Result<(), StoreError> {
    let uuid = one.uuid;
    deleted.add("commands", commands::delete_group(tx, &uuid.to_string()).await?);
    deleted.add("callback_deliveries", callback_deliveries::delete_of_verification(tx, uuid).await?);
    deleted.add("own_keys", own_keys::delete_reply_key(tx, uuid).await?);
    for (table, rows) in history::delete_of_verification(tx, uuid).await?.by_table() {
        deleted.add(table, rows);
    }
    Ok(())
}
