//! What the two reports of an originator have in common: judged and stored in one transaction, sent by a command.

mod describe;

use axum::Json;
use serde::Serialize;
use waybill_context::{Context, Screenings};
use waybill_domain::{Event, Fault, Role, ScreeningEvent, VaspId, VerificationUuid, codes};
use waybill_jobs::Command;
use waybill_runtime::failpoint;
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::commands::{self, CommandFilter, CommandStatus, NewCommand};
use waybill_store::tables::verifications::{self, Change, VerificationRow};
use waybill_store::{StoreError, Tx};

use crate::callers::Caller;
use crate::ingress::current_trace;
use crate::refused::Refused;

/// `{"result": true}`
#[derive(Serialize)]
pub(crate) struct Accepted {
    result: bool,
}

/// A report, and what it changes.
pub(super) struct Report {
    pub(super) uuid: VerificationUuid,
    pub(super) event: Event,
    pub(super) change: Change,
    pub(super) judge: Judge,
}

/// Compares a report with a verification of which we are the originator.
pub(super) type Judge = fn(&VerificationRow, &Report) -> Result<Step, Fault>;

/// What a report that is not refused leads to.
pub(super) enum Step {
    /// Nothing: it repeats what is stored.
    Repeated,
    /// The change.
    Changes,
}

struct Work {
    own_id: VaspId,
    report: Report,
    command: NewCommand,
    screenings: Screenings,
    audit: AuditEntry,
}

/// Stores a report together with the command that sends it. A repeated report adds nothing, unless sending it was
/// given up: then it is sent again.
pub(super) async fn take<C: Command>(
    ctx: &Context,
    caller: &Caller,
    report: Report,
    command: &C,
    audit_event: &'static str,
) -> Result<Json<Accepted>, Refused> {
    let audit = AuditEntry {
        at: ctx.clock.now(),
        event: audit_event,
        actor: caller.name().to_owned(),
        subject: Some(report.uuid.to_string()),
        detail: serde_json::json!({}),
    };
    let command = ctx.bus.command(command).in_group(report.uuid).traced(current_trace());
    let work = Work { own_id: ctx.own_id, screenings: screenings(ctx, &report), report, command, audit };
    ctx.store.write("take_report", work, |tx, work| Box::pin(store(tx, work))).await??;
    failpoint("report.stored");
    Ok(Json(Accepted { result: true }))
}

/// The error of a transfer that never happens leads to none.
fn screenings(ctx: &Context, report: &Report) -> Screenings {
    match report.event {
        Event::TransactionReported => {
            let event = ScreeningEvent::Reported;
            Screenings::after(ctx, event, Role::Originator, report.uuid, current_trace())
        }
        _ => Screenings::default(),
    }
}

/// A refusal is a value, not an error: there is nothing to roll back.
async fn store(tx: &mut Tx, work: &Work) -> Result<Result<(), Fault>, StoreError> {
    let Work { own_id, report, command, screenings, audit } = work;
    let Some(row) = verifications::find(tx, report.uuid).await? else {
        return Ok(Err(codes::verification_not_found(report.uuid)));
    };
    if !row.is(*own_id, Role::Originator) {
        return Ok(Err(codes::not_originator()));
    }
    match (report.judge)(&row, report) {
        Err(fault) => return Ok(Err(fault)),
        Ok(Step::Repeated) if was_given_up(tx, command).await? => {} // the counterparty was never told
        Ok(Step::Repeated) => return Ok(Ok(())),
        Ok(Step::Changes) => {
            if !verifications::advance(tx, report.uuid, row.state(), report.event, &report.change).await? {
                return Err(StoreError::GuardLost("verifications"));
            }
            screenings.add(tx).await?;
        }
    }
    commands::insert(tx, command).await?;
    audit::append(tx, audit).await?;
    Ok(Ok(()))
}

/// Whether the last command of this kind for the verification ended without success.
async fn was_given_up(tx: &mut Tx, command: &NewCommand) -> Result<bool, StoreError> {
    let filter = CommandFilter {
        kind: Some(command.kind.to_owned()),
        group_key: command.group_key.clone(),
        ..CommandFilter::default()
    };
    let newest = commands::list(tx, &filter, 1).await?;
    Ok(newest.first().is_some_and(|newest| newest.status == CommandStatus::Error))
}
