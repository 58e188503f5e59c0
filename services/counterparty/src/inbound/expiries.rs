//! `expiries`: the originator ended the verification without our answer, so our copy ends in the same way.

use std::time::Duration;

use serde_json::json;
use waybill_domain::{
    Event, Fault, Role, VaspId, VerificationResult, VerificationState, VerificationUuid, codes, limits,
    reason,
};
use waybill_jobs::{AnswerVerification, CallbackType, Command as _};
use waybill_protocol::messages::ExpiriesRequest;
use waybill_runtime::failpoint;
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::commands;
use waybill_store::tables::verifications::{self, Change, VerificationRow};
use waybill_store::{StoreError, Tx};

use super::message::Mark;
use super::notify::{Notice, Snapshot};
use super::{Handled, Listener, Message, Reply, faults, parties, seen};
use crate::back_off;

struct Expiry {
    own: VaspId,
    uuid: VerificationUuid,
    reason: String,
    /// What is left of its time by our clock.
    left: Duration,
    mark: Mark,
    reply: Reply,
    notice: Notice,
    audit: AuditEntry,
}

pub(super) async fn handle(listener: &Listener, message: &Message) -> Handled {
    let said: ExpiriesRequest = message.read()?;
    let uuid = said.verification_uuid;
    let reason = said.reason.unwrap_or_else(|| reason::REQUEST_TIMEOUT.to_owned());
    if !limits::fits(&reason, limits::REASON) {
        return Err(Fault::invalid("reason"));
    }
    let snapshot = Snapshot {
        result: Some(VerificationResult::Error.to_string()),
        reason: Some(reason.clone()),
        message_sealed: None,
    };
    let expiry = Expiry {
        own: listener.ctx.own_id,
        left: back_off::since(message.received_at, said.expires_at),
        mark: message.mark(),
        reply: Reply::acknowledgement()?,
        notice: Notice::new(&listener.ctx, CallbackType::ErrorReport, uuid, snapshot),
        audit: message.audit("ORIGINATOR-GAVE-UP", Some(uuid), json!({})),
        uuid,
        reason,
    };
    let work = listener.ctx.store.write("expiries::handle", expiry, |tx, expiry| Box::pin(store(tx, expiry)));
    let stored = work.await.map_err(faults::of_store)?;
    failpoint("expiries.received");
    stored
}

async fn store(tx: &mut Tx, expiry: &Expiry) -> Result<Handled, StoreError> {
    let Expiry { own, uuid, reason, left, mark, reply, notice, audit } = expiry;
    let row = verifications::find(tx, *uuid).await?;
    let judged = match &row {
        Some(row) => judge(row, *own, mark.sender),
        None => judge_unknown(*uuid, *left),
    };
    if let Err(fault) = judged {
        return Ok(Err(fault));
    }
    if let Some(before) = seen::remember(tx, mark, reply).await? {
        return Ok(before);
    }
    // The question itself never arrived, and is too late when it does.
    let Some(row) = row else { return Ok(Ok(reply.clone())) };
    let change = Change { reason: Some(reason.clone()), ..Change::default() };
    if verifications::advance(tx, *uuid, row.state(), Event::OriginatorGaveUp, &change).await? {
        audit::append(tx, audit).await?;
        if row.state() == VerificationState::WAIT {
            tx.note_ended(Role::Beneficiary, VerificationResult::Error, row.created_at, audit.at);
        }
        if row.result == VerificationResult::Verified {
            notice.add(tx).await?; // our backend believes that the transfer is coming
        }
    }
    commands::finish_group(tx, AnswerVerification::KIND, &uuid.to_string()).await?;
    Ok(Ok(reply.clone()))
}

/// While a question would still be accepted its notice has to come again: nothing is remembered of it here.
fn judge_unknown(uuid: VerificationUuid, left: Duration) -> Result<(), Fault> {
    if left.is_zero() {
        return Ok(());
    }
    let seconds = u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
    Err(codes::verification_not_found(uuid).retry_after(seconds))
}

fn judge(row: &VerificationRow, own: VaspId, sender: VaspId) -> Result<(), Fault> {
    parties::check(row, own, sender, Role::Originator)?;
    if row.state() == VerificationState::VERIFIED_WITH_TRANSACTION {
        return Err(codes::error_after_tx()); // it cannot have missed the answer that it acted on
    }
    Ok(())
}
