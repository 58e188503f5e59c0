//! What happens if a command that was given up is handed out again.

use waybill_domain::{Timestamp, VerificationResult};
use waybill_jobs::{
    AnswerVerification, Command as _, DeliverCallback, NotifyExpiry, ReportError, ReportTransaction,
    VerifyCounterparty,
};
use waybill_store::tables::commands::{self, CommandRow, CommandStatus};
use waybill_store::tables::verifications::VerificationRow;
use waybill_store::{StoreError, Tx};

use super::DeadLetter;

/// What happens if a command is redriven, in words for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlook {
    /// This.
    Useful(&'static str),
    /// It is not redriven, because of this.
    Refused(String),
}

use Outlook::{Refused, Useful};

/// Judges a command and its verification, as they are in this transaction.
pub(super) async fn of(
    tx: &mut Tx,
    row: &CommandRow,
    about: Option<&VerificationRow>,
    now: Timestamp,
) -> Result<Outlook, StoreError> {
    if row.status != CommandStatus::Error {
        return Ok(Refused(format!("it is not given up: its status is {}", row.status.as_str())));
    }
    if row.dropped_at.is_some() {
        return Ok(refused("it was dropped"));
    }
    if let Some((id, status)) = commands::twin(tx, row).await? {
        let how = if status == CommandStatus::Done { "was done" } else { "is under way" };
        return Ok(Refused(format!("the same {how} as command {id}")));
    }
    if DeadLetter::from(row).verification.is_none() {
        return Ok(Useful("it is handed out again"));
    }
    Ok(match about {
        Some(about) => of_verification(&row.kind, about, now),
        None => refused("its verification is deleted"),
    })
}

fn refused(why: &str) -> Outlook {
    Refused(why.to_owned())
}

fn of_verification(kind: &str, about: &VerificationRow, now: Timestamp) -> Outlook {
    let waits = about.result == VerificationResult::Wait;
    let moved_on = || Refused(format!("the verification has moved on: it is {}", about.result.as_str()));
    match kind {
        VerifyCounterparty::KIND if !waits => moved_on(),
        VerifyCounterparty::KIND if now >= about.expires_at => Useful(
            "the verification ends as ERROR with REQUEST-TIMEOUT, our backend and the beneficiary are told",
        ),
        VerifyCounterparty::KIND => Useful("the beneficiary's node is asked again, until the deadline"),
        AnswerVerification::KIND if now < about.expires_at => Useful(
            "our backend is asked if it has not answered, and the originator's node is told the answer",
        ),
        AnswerVerification::KIND if waits => {
            Useful("our copy ends as ERROR with REQUEST-TIMEOUT; nobody is told")
        }
        AnswerVerification::KIND => {
            refused("the deadline of the verification has passed, the originator has given up")
        }
        ReportTransaction::KIND if about.tx_hash.is_none() => refused("no transaction is reported"),
        ReportTransaction::KIND if about.result != VerificationResult::Verified => moved_on(),
        ReportTransaction::KIND => Useful(
            "the beneficiary's node is told the transaction, for as long as peers.report_give_up_after",
        ),
        ReportError::KIND if about.error_reported_at.is_none() => refused("no error is reported"),
        ReportError::KIND => Useful(
            "the beneficiary's node is told that the transfer will not happen, for as long as peers.report_give_up_after",
        ),
        NotifyExpiry::KIND if about.result != VerificationResult::Error => moved_on(),
        NotifyExpiry::KIND => Useful(
            "the beneficiary's node is told that the verification ended, for as long as peers.report_give_up_after",
        ),
        DeliverCallback::KIND => {
            Useful("our backend is told, with the same webhook-id, for as long as callback.give_up_after")
        }
        _ => Useful("it is handed out again"),
    }
}
