//! `errors`: the originator tells that the transfer will never happen.

use serde_json::json;
use waybill_context::Screenings;
use waybill_domain::{Event, Fault, Role, VerificationState, codes, limits};
use waybill_jobs::CallbackType;
use waybill_protocol::messages::{ErrorDetail, ErrorsRequest};
use waybill_runtime::failpoint;
use waybill_store::tables::verifications::{Change, VerificationRow};
use waybill_vault::Column;

use super::notify::{Notice, Snapshot};
use super::report::{self, Report, Standing};
use super::{Handled, Listener, Message, parties, payload};

pub(super) async fn handle(listener: &Listener, message: &Message) -> Handled {
    let said: ErrorsRequest = message.read()?;
    if !limits::fits(&said.reason, limits::REASON) {
        return Err(Fault::invalid("reason"));
    }
    let uuid = said.verification_uuid;
    parties::known(listener, message, uuid, Role::Originator).await?;
    let message_sealed = open(listener, message, &said).await?;
    let snapshot = Snapshot {
        result: Some(said.result.result().to_string()),
        reason: Some(said.reason.clone()),
        message_sealed: message_sealed.clone(),
    };
    let report = Report {
        uuid,
        event: Event::ErrorReported(said.result),
        change: Change {
            reason: Some(said.reason.clone()),
            message_sealed,
            error_reported_at: Some(message.received_at),
            ..Change::default()
        },
        key_id: said.sealed.as_ref().map(|sealed| sealed.key_id.clone()),
        mark: message.mark(),
        screenings: Screenings::default(),
        notice: Notice::new(&listener.ctx, CallbackType::ErrorReport, uuid, snapshot),
        audit: message.audit("ERROR-REPORTED", Some(uuid), json!({"result": said.result})),
    };
    let handled = report::take(listener, report, said, judge).await;
    failpoint("errors.received");
    handled
}

/// Opens the free text and seals it for rest.
async fn open(listener: &Listener, message: &Message, said: &ErrorsRequest) -> Result<Option<String>, Fault> {
    let Some(sealed) = &said.sealed else { return Ok(None) };
    let uuid = said.verification_uuid;
    let detail: ErrorDetail = payload::open(listener, message, Some(uuid), sealed).await?;
    if !limits::fits(&detail.message, limits::MESSAGE) {
        return Err(payload::invalid("`message` is invalid value."));
    }
    Ok(Some(listener.ctx.vault.seal_column(uuid, Column::Message, &detail.message)))
}

fn judge(row: &VerificationRow, said: &ErrorsRequest) -> Result<Standing, Fault> {
    let same = row.result == said.result.result() && row.reason.as_ref() == Some(&said.reason);
    if row.tx_hash.is_some() {
        Err(codes::error_after_tx())
    } else if row.error_reported_at.is_some() {
        if same { Ok(Standing::Again) } else { Err(codes::error_already_reported()) }
    } else if row.state() == VerificationState::VERIFIED {
        Ok(Standing::New)
    } else {
        Err(codes::verification_not_verified())
    }
}
