//! Tells the beneficiary's node the hash of the transaction.

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_domain::Role;
use waybill_jobs::ReportTransaction;
use waybill_protocol::messages::{MessageType, TransactionsRequest};
use waybill_store::StoreError;

use super::load::load;
use super::reports::settle;
use crate::peers::Peers;

/// Handles [`ReportTransaction`].
pub(super) struct TransactionReporter {
    pub peers: Peers,
}

#[async_trait]
impl CommandHandler<ReportTransaction> for TransactionReporter {
    async fn handle(&self, command: ReportTransaction, claim: &Claim) -> Result<Outcome, StoreError> {
        let row = load(&self.peers.ctx, command.verification_uuid, Role::Originator).await?;
        let Some((row, tx_hash)) = row.and_then(|row| row.tx_hash.clone().map(|tx_hash| (row, tx_hash)))
        else {
            return Ok(Outcome::dead("no such transaction of ours"));
        };
        let body = TransactionsRequest { verification_uuid: row.uuid, tx_hash, vout: row.vout };
        let draft = self.peers.draft(row.beneficiary_vasp_id, MessageType::Transactions, Some(row.uuid));
        let sent = self.peers.send(draft, &body, self.peers.patience()).await;
        Ok(settle(&self.peers.ctx, claim, sent))
    }
}
