//! What the originator reports of a verified transfer, `transactions` and `errors`: written down once, and told to our
//! backend.

use waybill_context::Screenings;
use waybill_domain::{Event, Fault, Role, VaspId, VerificationState, VerificationUuid, codes};
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::verifications::{self, Change, VerificationRow};
use waybill_store::{StoreError, Tx};

use super::message::Mark;
use super::notify::Notice;
use super::{Handled, Listener, Reply, faults, parties, payload, seen};
use crate::self_flow;

/// A report, ready to be written.
pub(super) struct Report {
    pub uuid: VerificationUuid,
    pub event: Event,
    pub change: Change,
    /// The key of ours that its text was sealed to.
    pub key_id: Option<String>,
    pub mark: Mark,
    pub notice: Notice,
    pub screenings: Screenings,
    pub audit: AuditEntry,
}

/// What a report is for the row as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    New,
    /// The same report was stored before.
    Again,
}

/// How a report is judged by the row.
pub(super) type Judge<S> = fn(&VerificationRow, &S) -> Result<Standing, Fault>;

/// Acknowledges a report that is stored, now or before. `said` is what `judge` compares with the row.
pub(super) async fn take<S: Send + Sync + 'static>(
    listener: &Listener,
    report: Report,
    said: S,
    judge: Judge<S>,
) -> Handled {
    let work = (listener.ctx.own_id, report, said, Reply::acknowledgement()?);
    let stored = listener.ctx.store.write("report::take", work, move |tx, (own, report, said, reply)| {
        Box::pin(store(tx, *own, report, reply, move |row| judge(row, said)))
    });
    stored.await.map_err(faults::of_store)?
}

async fn store(
    tx: &mut Tx,
    own: VaspId,
    report: &Report,
    reply: &Reply,
    judge: impl Fn(&VerificationRow) -> Result<Standing, Fault>,
) -> Result<Handled, StoreError> {
    let Report { uuid, event, change, key_id, mark, notice, screenings, audit } = report;
    let Some(row) = verifications::find(tx, *uuid).await? else {
        return Ok(Err(codes::verification_not_found(*uuid)));
    };
    let judged = parties::check(&row, own, mark.sender, Role::Originator).and_then(|()| judge(&row));
    let standing = match judged {
        Ok(standing) => standing,
        Err(fault) => return Ok(Err(fault)),
    };
    if let Some(before) = seen::remember(tx, mark, reply).await? {
        return Ok(before);
    }
    if let Some(key_id) = key_id {
        payload::forget_key(tx, key_id).await?;
    }
    if standing == Standing::New {
        if !verifications::advance(tx, *uuid, VerificationState::VERIFIED, *event, change).await? {
            return Err(StoreError::GuardLost("report"));
        }
        audit::append(tx, audit).await?;
        notice.add(tx).await?;
        screenings.add(tx).await?;
    } else if self_flow::is_own_counterparty(&row) {
        notice.add_once(tx).await?;
    }
    Ok(Ok(reply.clone()))
}
