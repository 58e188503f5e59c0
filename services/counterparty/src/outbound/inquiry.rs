//! Asks the originator where a transfer stands.

use std::time::Duration;

use async_trait::async_trait;
use waybill_bus::RequestHandler;
use waybill_domain::{Fault, Role, codes, limits};
use waybill_jobs::{InquireTransaction, TransactionAnswer};
use waybill_protocol::messages::{InquiriesRequest, InquiriesResponse, MessageType};

use super::load::load;
use crate::peers::{PeerAnswer, PeerError, Peers};

/// What the way back through this node may take.
const MARGIN: Duration = Duration::from_millis(100);

/// Answers [`InquireTransaction`].
pub(super) struct Inquiry {
    pub peers: Peers,
}

#[async_trait]
impl RequestHandler<InquireTransaction> for Inquiry {
    async fn answer(&self, request: InquireTransaction) -> Result<TransactionAnswer, Fault> {
        let uuid = request.verification_uuid;
        let row = load(&self.peers.ctx, uuid, Role::Beneficiary).await.map_err(|error| {
            tracing::error!(%error, "the verification of an inquiry could not be read");
            codes::database_unavailable()
        })?;
        let row = row.ok_or_else(|| codes::verification_not_found(uuid))?;
        let whole = self.peers.ctx.settings.ingress.inquiry_timeout.saturating_sub(MARGIN);
        let draft = self.peers.draft(row.originating_vasp_id, MessageType::Inquiries, Some(uuid));
        let body = InquiriesRequest { verification_uuid: uuid };
        let answer: PeerAnswer<InquiriesResponse> =
            self.peers.send(draft, &body, self.peers.patience().min(whole)).await?;
        Ok(read(&body, answer.body)?)
    }
}

fn read(asked: &InquiriesRequest, answer: InquiriesResponse) -> Result<TransactionAnswer, PeerError> {
    let InquiriesResponse { verification_uuid, transaction_status, tx_hash, vout } = answer;
    let fits = |text: &Option<String>, limit| text.as_ref().is_none_or(|text| limits::fits(text, limit));
    if verification_uuid != asked.verification_uuid {
        return Err(PeerError::InvalidAnswer("it is about another verification"));
    }
    if !fits(&tx_hash, limits::TX_HASH) || !fits(&vout, limits::VOUT) {
        return Err(PeerError::InvalidAnswer("its transaction is not readable"));
    }
    Ok(TransactionAnswer { transaction_status, tx_hash, vout })
}
