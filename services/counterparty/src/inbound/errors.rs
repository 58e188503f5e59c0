//! `errors`: the originator tells that the transfer will never happen.

use serde_json::json;
use waybill_domain::{Event, Fault, Role, VaspId, VerificationState, codes, limits};
use waybill_jobs::CallbackType;
use waybill_protocol::messages::{ErrorDetail, ErrorsRequest};
use waybill_runtime::failpoint;
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::verifications::{self, Change, VerificationRow};
use waybill_store::{StoreError, Tx};
use waybill_vault::Column;

use super::message::Mark;
use super::notify::{Notice, Snapshot};
use super::{Handled, Listener, Message, Reply, faults, parties, payload, seen};

struct Report {
    own: VaspId,
    said: ErrorsRequest,
    message_sealed: Option<String>,
    mark: Mark,
    reply: Reply,
    notice: Notice,
    audit: AuditEntry,
}

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
        own: listener.ctx.own_id,
        message_sealed,
        mark: message.mark(),
        reply: Reply::acknowledgement()?,
        notice: Notice::new(&listener.ctx, CallbackType::ErrorReport, uuid, snapshot),
        audit: message.audit("ERROR-REPORTED", Some(uuid), json!({"result": said.result})),
        said,
    };
    let work = listener.ctx.store.write("errors::handle", report, |tx, report| Box::pin(store(tx, report)));
    let stored = work.await.map_err(faults::of_store)?;
    failpoint("errors.received");
    stored
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

async fn store(tx: &mut Tx, report: &Report) -> Result<Handled, StoreError> {
    let Report { own, said, message_sealed, mark, reply, notice, audit } = report;
    let uuid = said.verification_uuid;
    let Some(row) = verifications::find(tx, uuid).await? else {
        return Ok(Err(codes::verification_not_found(uuid)));
    };
    let again = match judge(&row, *own, mark.sender, said) {
        Ok(again) => again,
        Err(fault) => return Ok(Err(fault)),
    };
    if let Some(before) = seen::remember(tx, mark, reply).await? {
        return Ok(before);
    }
    if let Some(sealed) = &said.sealed {
        payload::forget_key(tx, &sealed.key_id).await?;
    }
    if !again {
        let change = Change {
            reason: Some(said.reason.clone()),
            message_sealed: message_sealed.clone(),
            error_reported_at: Some(mark.received_at),
            ..Change::default()
        };
        let event = Event::ErrorReported(said.result);
        if !verifications::advance(tx, uuid, VerificationState::VERIFIED, event, &change).await? {
            return Err(StoreError::GuardLost("error report"));
        }
        audit::append(tx, audit).await?;
        notice.add(tx).await?;
    } else if parties::both_sides(&row) {
        notice.add_once(tx).await?;
    }
    Ok(Ok(reply.clone()))
}

/// True when the same report was stored before.
fn judge(row: &VerificationRow, own: VaspId, sender: VaspId, said: &ErrorsRequest) -> Result<bool, Fault> {
    parties::check(row, own, sender, Role::Originator)?;
    let same = row.result == said.result.result() && row.reason.as_ref() == Some(&said.reason);
    if row.tx_hash.is_some() {
        Err(codes::error_after_tx())
    } else if row.error_reported_at.is_some() {
        if same { Ok(true) } else { Err(codes::error_already_reported()) }
    } else if row.state() == VerificationState::VERIFIED {
        Ok(false)
    } else {
        Err(codes::verification_not_verified())
    }
}
