//! `transactions`: the originator tells the hash of the transaction.

use serde_json::json;
use waybill_domain::{Event, Fault, Role, VaspId, VerificationState, codes, limits};
use waybill_jobs::CallbackType;
use waybill_protocol::messages::TransactionsRequest;
use waybill_runtime::failpoint;
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::verifications::{self, Change, VerificationRow};
use waybill_store::{StoreError, Tx};

use super::message::Mark;
use super::notify::{Notice, Snapshot};
use super::{Handled, Listener, Message, Reply, faults, parties, seen};

struct Report {
    own: VaspId,
    said: TransactionsRequest,
    mark: Mark,
    reply: Reply,
    notice: Notice,
    audit: AuditEntry,
}

pub(super) async fn handle(listener: &Listener, message: &Message) -> Handled {
    let said: TransactionsRequest = message.read()?;
    check(&said)?;
    let uuid = said.verification_uuid;
    let report = Report {
        own: listener.ctx.own_id,
        mark: message.mark(),
        reply: Reply::acknowledgement()?,
        notice: Notice::new(&listener.ctx, CallbackType::TxReport, uuid, Snapshot::default()),
        audit: message.audit("TX-REPORTED", Some(uuid), json!({})),
        said,
    };
    let work =
        listener.ctx.store.write("transactions::handle", report, |tx, report| Box::pin(store(tx, report)));
    let stored = work.await.map_err(faults::of_store)?;
    failpoint("transactions.received");
    stored
}

fn check(said: &TransactionsRequest) -> Result<(), Fault> {
    if !limits::fits(&said.tx_hash, limits::TX_HASH) {
        return Err(Fault::invalid("txHash"));
    }
    if said.vout.as_deref().is_some_and(|vout| !limits::fits(vout, limits::VOUT)) {
        return Err(Fault::invalid("vout"));
    }
    Ok(())
}

async fn store(tx: &mut Tx, report: &Report) -> Result<Handled, StoreError> {
    let Report { own, said, mark, reply, notice, audit } = report;
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
    if !again {
        let change = Change {
            transaction: Some((said.tx_hash.clone(), said.vout.clone())),
            ordered_at: Some(mark.received_at),
            ..Change::default()
        };
        let event = Event::TransactionReported;
        if !verifications::advance(tx, uuid, VerificationState::VERIFIED, event, &change).await? {
            return Err(StoreError::GuardLost("transaction report"));
        }
        audit::append(tx, audit).await?;
        notice.add(tx).await?;
    } else if parties::both_sides(&row) {
        notice.add_once(tx).await?;
    }
    Ok(Ok(reply.clone()))
}

/// True when the same report was stored before.
fn judge(
    row: &VerificationRow,
    own: VaspId,
    sender: VaspId,
    said: &TransactionsRequest,
) -> Result<bool, Fault> {
    parties::check(row, own, sender, Role::Originator)?;
    match &row.tx_hash {
        Some(known) if *known == said.tx_hash && row.vout == said.vout => Ok(true),
        Some(_) => Err(codes::tx_already_reported()),
        None if row.state() == VerificationState::VERIFIED => Ok(false),
        None => Err(codes::verification_not_verified()),
    }
}
