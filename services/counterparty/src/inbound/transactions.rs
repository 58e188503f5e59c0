//! `transactions`: the originator tells the hash of the transaction.

use serde_json::json;
use waybill_context::Screenings;
use waybill_domain::{Event, Fault, Role, ScreeningEvent, VerificationState, codes, limits};
use waybill_jobs::CallbackType;
use waybill_protocol::messages::TransactionsRequest;
use waybill_runtime::failpoint;
use waybill_store::tables::verifications::{Change, VerificationRow};

use super::notify::{Notice, Snapshot};
use super::report::{self, Report, Standing};
use super::{Handled, Listener, Message, trace};

pub(super) async fn handle(listener: &Listener, message: &Message) -> Handled {
    let said: TransactionsRequest = message.read()?;
    check(&said)?;
    let uuid = said.verification_uuid;
    let report = Report {
        uuid,
        event: Event::TransactionReported,
        change: Change {
            transaction: Some((said.tx_hash.clone(), said.vout.clone())),
            ordered_at: Some(message.received_at),
            ..Change::default()
        },
        key_id: None,
        mark: message.mark(),
        screenings: Screenings::after(
            &listener.ctx,
            ScreeningEvent::Reported,
            Role::Beneficiary,
            uuid,
            trace::current(),
        ),
        notice: Notice::new(&listener.ctx, CallbackType::TxReport, uuid, Snapshot::default()),
        audit: message.audit("TX-REPORTED", Some(uuid), json!({})),
    };
    let handled = report::take(listener, report, said, judge).await;
    failpoint("transactions.received");
    handled
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

fn judge(row: &VerificationRow, said: &TransactionsRequest) -> Result<Standing, Fault> {
    match &row.tx_hash {
        Some(known) if *known == said.tx_hash && row.vout == said.vout => Ok(Standing::Again),
        Some(_) => Err(codes::tx_already_reported()),
        None if row.state() == VerificationState::VERIFIED => Ok(Standing::New),
        None => Err(codes::verification_not_verified()),
    }
}
