//! Tells the beneficiary's node that the verification is over without its answer, so that both sides end alike.

use std::time::Duration;

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_domain::{Role, Timestamp};
use waybill_jobs::NotifyExpiry;
use waybill_protocol::messages::{ExpiriesRequest, MessageType};
use waybill_store::StoreError;

use super::load::load;
use super::reports::settle;
use crate::back_off;
use crate::peers::{PeerError, Peers};

/// What a node says that never saw the question, and may still see it.
const NOT_FOUND: &str = "VERIFICATION-NOT-FOUND";
/// The clocks of two nodes that understand each other differ by less.
const CLOCKS_DIFFER: Duration = Duration::from_secs(600);

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
        Ok(match sent {
            Err(error) if error.code() == NOT_FOUND => self.not_known_there(expires_at, claim, &error),
            sent => settle(&self.peers.ctx, claim, sent),
        })
    }
}

impl ExpiryNotifier {
    /// Our question may still arrive there and be answered, until its deadline has passed by every clock.
    fn not_known_there(&self, expires_at: Timestamp, claim: &Claim, error: &PeerError) -> Outcome {
        let ctx = &self.peers.ctx;
        let now = ctx.clock.now();
        let left = back_off::since(now, expires_at + CLOCKS_DIFFER);
        if left.is_zero() {
            return Outcome::Done;
        }
        let wait = back_off::after_failure(error, back_off::since(claim.created_at(), now), &*ctx.entropy);
        Outcome::retry(wait.min(left), error.to_string())
    }
}
