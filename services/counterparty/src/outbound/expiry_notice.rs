//! Tells the beneficiary's node that the verification is over without its answer, so that both sides end alike.

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_domain::Role;
use waybill_jobs::NotifyExpiry;
use waybill_protocol::messages::{ExpiriesRequest, MessageType};
use waybill_store::StoreError;

use super::load::load;
use super::reports::settle;
use crate::peers::Peers;

/// Handles [`NotifyExpiry`].
pub(super) struct ExpiryNotifier {
    pub peers: Peers,
}

#[async_trait]
impl CommandHandler<NotifyExpiry> for ExpiryNotifier {
    async fn handle(&self, command: NotifyExpiry, claim: &Claim) -> Result<Outcome, StoreError> {
        let Some(row) = load(&self.peers.ctx, command.verification_uuid, Role::Originator).await? else {
            return Ok(Outcome::dead("no such verification of ours"));
        };
        let (uuid, expires_at) = (row.uuid, row.expires_at);
        let body = ExpiriesRequest { verification_uuid: uuid, expires_at, reason: row.reason };
        let draft = self.peers.draft(row.beneficiary_vasp_id, MessageType::Expiries, Some(uuid));
        let sent = self.peers.send(draft, &body, self.peers.patience()).await;
        Ok(settle(&self.peers.ctx, claim, sent))
    }
}
