//! Stores a question, and the command that sees to its answer.

use std::time::Duration;

use serde_json::json;
use waybill_bus::Claim;
use waybill_context::Screenings;
use waybill_domain::{Fault, Role, ScreeningEvent, VerificationUuid};
use waybill_jobs::AnswerVerification;
use waybill_protocol::messages::ReplyKey;
use waybill_runtime::failpoint;
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::commands::{self, ClaimedCommand, NewCommand};
use waybill_store::tables::verifications::{self, NewVerification};
use waybill_store::{StoreError, Tx};

use super::super::message::Mark;
use super::super::{Handled, Listener, Message, Reply, faults, payload, seen, trace};
use super::question::Question;
use super::repeat;

/// What the backend may take, and then the database.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// What became of a question.
pub(super) enum Accepted {
    /// Stored, and this request sees to the answer first.
    Claimed(Claim),
    /// Stored; a worker sees to the answer.
    Queued(Reply),
    /// This very message came before.
    Seen(Handled),
    /// The verification is known by now.
    Known,
}

struct Work {
    mark: Mark,
    reply: Reply,
    uuid: VerificationUuid,
    row: Option<NewVerification>,
    command: NewCommand,
    screenings: Screenings,
    audit: AuditEntry,
    key_id: String,
}

/// Stores the question with its row, or without one where it is known as our own.
pub(super) async fn store(
    listener: &Listener,
    message: &Message,
    question: &Question,
    new_row: bool,
) -> Result<Accepted, Fault> {
    let uuid = question.asked.verification_uuid;
    let reply = question.accepted()?;
    let work = Work {
        mark: message.mark(),
        reply: reply.clone(),
        uuid,
        row: if new_row { Some(question.row(listener, message)?) } else { None },
        command: command(listener, question),
        screenings: if new_row { screenings(listener, uuid) } else { Screenings::default() },
        audit: message.audit("VERIFICATION-RECEIVED", Some(uuid), json!({})),
        key_id: question.asked.sealed.key_id.clone(),
    };
    let claim = claimed(&work.command);
    let stored =
        listener.ctx.store.write("verifications::accept", work, |tx, work| Box::pin(insert(tx, work)));
    let inserted = stored.await.map_err(faults::of_store)?;
    failpoint("question.stored");
    Ok(match inserted {
        Inserted::Now => claim.map_or(Accepted::Queued(reply), Accepted::Claimed),
        Inserted::Seen(before) => Accepted::Seen(before),
        Inserted::Known => Accepted::Known,
    })
}

/// As our own counterparty we are the originator too, and screen as such.
fn screenings(listener: &Listener, uuid: VerificationUuid) -> Screenings {
    Screenings::after(&listener.ctx, ScreeningEvent::Created, Role::Beneficiary, uuid, trace::current())
}

/// Leased to this request, unless answers are never given at once.
fn command(listener: &Listener, question: &Question) -> NewCommand {
    let ctx = &listener.ctx;
    let uuid = question.asked.verification_uuid;
    let ReplyKey { key_id, public_key } = question.asked.reply_key.clone();
    let body =
        AnswerVerification { verification_uuid: uuid, reply_key_id: key_id, reply_public_key: public_key };
    let command = ctx.bus.command(&body).in_group(uuid).traced(trace::current());
    if ctx.settings.listener.inline_answer_budget.is_zero() {
        return command;
    }
    command.leased(ctx.bus.lease(ctx.settings.backend.verification_timeout + LEASE_MARGIN))
}

fn claimed(command: &NewCommand) -> Option<Claim> {
    let lease = command.lease.as_ref()?;
    Some(Claim::of_leased(ClaimedCommand {
        id: command.id,
        kind: command.kind,
        body: command.body.clone(),
        created_at: command.created_at,
        attempts: 1,
        group_key: command.group_key.clone(),
        traceparent: command.traceparent.clone(),
        last_error: None,
        lease_token: lease.token.clone(),
    }))
}

enum Inserted {
    Now,
    Seen(Handled),
    Known,
}

async fn insert(tx: &mut Tx, work: &Work) -> Result<Inserted, StoreError> {
    let known = verifications::find(tx, work.uuid).await?.is_some();
    if known != work.row.is_none() || repeat::is_attended(tx, work.uuid).await? {
        return Ok(Inserted::Known);
    }
    if let Some(before) = seen::remember(tx, &work.mark, &work.reply).await? {
        return Ok(Inserted::Seen(before));
    }
    if let Some(row) = &work.row
        && !verifications::insert(tx, row).await?
    {
        return Err(StoreError::GuardLost("new verification"));
    }
    commands::insert(tx, &work.command).await?;
    work.screenings.add(tx).await?;
    payload::forget_key(tx, &work.key_id).await?;
    audit::append(tx, &work.audit).await?;
    Ok(Inserted::Now)
}
