//! Tells the beneficiary's node that the transfer will never happen.

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_domain::{ReportedError, Role, reason};
use waybill_jobs::ReportError;
use waybill_protocol::Hidden;
use waybill_protocol::messages::{Acknowledgement, ErrorDetail, ErrorsRequest, MessageType, Sealed};
use waybill_store::StoreError;
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::Column;

use super::load::load;
use super::question::key_scope;
use super::reports::settle;
use crate::peers::{LONGEST_ATTEMPT, Patience, PeerAnswer, PeerError, Peers, SealedMessage};

/// Handles [`ReportError`].
pub(super) struct ErrorReporter {
    pub peers: Peers,
}

#[async_trait]
impl CommandHandler<ReportError> for ErrorReporter {
    async fn handle(&self, command: ReportError, claim: &Claim) -> Result<Outcome, StoreError> {
        let row = load(&self.peers.ctx, command.verification_uuid, Role::Originator).await?;
        let reported = row.filter(|row| row.error_reported_at.is_some());
        let with_result =
            reported.and_then(|row| row.result.as_str().parse().ok().map(|result| (row, result)));
        let Some((row, result)) = with_result else {
            return Ok(Outcome::dead("no such reported error of ours"));
        };
        let sent = self.send(&row, result).await;
        Ok(settle(&self.peers.ctx, claim, sent))
    }
}

impl ErrorReporter {
    async fn send(
        &self,
        row: &VerificationRow,
        result: ReportedError,
    ) -> Result<PeerAnswer<Acknowledgement>, PeerError> {
        let reason = row.reason.clone().unwrap_or_else(|| reason::UNDEFINED_ERROR.to_owned());
        let body = |sealed: Option<Sealed>| ErrorsRequest {
            verification_uuid: row.uuid,
            result,
            reason: reason.clone(),
            sealed,
        };
        let Some(message) = self.message(row)? else {
            let draft = self.peers.draft(row.beneficiary_vasp_id, MessageType::Errors, Some(row.uuid));
            return self.peers.send(draft, &body(None), self.peers.patience()).await;
        };
        let message = SealedMessage {
            kind: MessageType::Errors,
            about: Some(row.uuid),
            scope: key_scope(row),
            payload: &ErrorDetail { message: Hidden(message) },
            patience: Patience::new(self.peers.patience(), LONGEST_ATTEMPT),
        };
        self.peers.send_sealed(&message, |sealed| body(Some(sealed))).await
    }

    /// The free text of the report, in clear.
    fn message(&self, row: &VerificationRow) -> Result<Option<String>, PeerError> {
        let Some(sealed) = &row.message_sealed else { return Ok(None) };
        let text = self.peers.ctx.vault.open_column(row.uuid, Column::Message, sealed);
        let text = text.map_err(|_| PeerError::NotSent("the message of the report does not open"))?;
        Ok(Some(text.to_string()))
    }
}
