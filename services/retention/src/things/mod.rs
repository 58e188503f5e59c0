//! What is deleted, one file each. A new table joins by a file here and a line in [`all`]; what belongs to a
//! verification, by a line in `verifications.rs`.

mod counterparty_keys;
mod dead_letters;
mod done_commands;
mod idempotency_keys;
mod own_keys;
mod received_messages;
mod risk_assessments;
mod verifications;

use std::sync::Arc;

use async_trait::async_trait;
use waybill_store::tables::verifications::Cursor;
use waybill_store::{StoreError, Tx};

use crate::bounds::Bounds;
use crate::tally::Tally;

/// One kind of rows with an end.
#[async_trait]
pub(crate) trait Thing: Send + Sync {
    /// Deletes some, after `from` where it was given, and looks at `limit` rows at the most.
    async fn delete(&self, tx: &mut Tx, from: Option<Cursor>, limit: u32) -> Result<Batch, StoreError>;
}

/// What one transaction did.
pub(crate) struct Batch {
    pub deleted: Tally,
    pub next: Next,
}

/// Where the next one begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Next {
    /// At the beginning again: what was there is gone.
    Again,
    /// After this row: some before it were kept.
    After(Cursor),
    /// Nowhere.
    Nothing,
}

impl Batch {
    /// Of a thing of which every row that was looked at went.
    fn of(deleted: Tally, rows: u64, limit: u32) -> Self {
        let next = if rows < limit.into() { Next::Nothing } else { Next::Again };
        Self { deleted, next }
    }
}

/// Everything, in the order of deleting: keys first, since a key that is gone opens nothing.
pub(crate) fn all(bounds: &Bounds) -> Vec<Arc<dyn Thing>> {
    let mut all: Vec<Arc<dyn Thing>> = vec![
        Arc::new(own_keys::OwnKeys { needless: bounds.own_keys }),
        Arc::new(counterparty_keys::CounterpartyKeys { expired_before: bounds.now }),
        Arc::new(received_messages::ReceivedMessages { before: bounds.received_messages }),
        Arc::new(idempotency_keys::IdempotencyKeys { before: bounds.idempotency_keys }),
        Arc::new(done_commands::DoneCommands { before: bounds.done_commands }),
    ];
    if let Some(outdated) = bounds.verifications {
        all.push(Arc::new(verifications::Verifications { outdated }));
        all.push(Arc::new(risk_assessments::RiskAssessments { before: outdated.created_before }));
        all.push(Arc::new(dead_letters::DeadLetters { before: outdated.created_before }));
    }
    all
}
