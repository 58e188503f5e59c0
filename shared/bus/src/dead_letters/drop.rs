//! Putting commands away that were given up.

use serde_json::json;
use waybill_domain::{CommandId, Timestamp, VerificationResult};
use waybill_jobs::{Command as _, VerifyCounterparty};
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::commands::{self, CommandStatus};
use waybill_store::{Store, StoreError, Tx};

use super::DeadLetter;
use super::list::verification_of;

/// Characters in the reason of an operator, at the most.
pub const LONGEST_REASON: usize = 200;

/// Why a command is not dropped.
#[derive(Debug, thiserror::Error)]
pub enum DropError {
    /// There is no command with this id.
    #[error("there is no such command")]
    NotFound,
    /// It waits, is being worked on, or is done.
    #[error("it is not given up: its status is {}", .0.as_str())]
    Alive(CommandStatus),
    /// Somebody dropped it before.
    #[error("it was dropped before")]
    Before,
    /// Its verification waits for it: what is put away would not be found at the deadline.
    #[error("its verification still waits: drop it once that has ended, at its deadline at the latest")]
    Waits,
    /// The reason is empty, too long or more than one line.
    #[error("the reason must be one line of 1 to {LONGEST_REASON} characters")]
    Reason,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts a command away that was given up: it is not listed any more and cannot be redriven. Its row stays as long as its
/// verification, and the audit says why. `because` must name no person.
///
/// # Errors
/// [`DropError`]; then nothing is changed.
pub async fn drop_dead_letter(
    store: &Store,
    id: CommandId,
    because: &str,
    now: Timestamp,
) -> Result<(), DropError> {
    let because = because.trim().to_owned();
    let length = because.chars().count();
    if length == 0 || length > LONGEST_REASON || because.chars().any(char::is_control) {
        return Err(DropError::Reason);
    }
    let work = (id, because, now);
    store
        .write("dead_letters::drop", work, |tx, (id, because, now)| Box::pin(one(tx, *id, because, *now)))
        .await
}

async fn one(tx: &mut Tx, id: CommandId, because: &str, now: Timestamp) -> Result<(), DropError> {
    let row = commands::find(tx, id).await?.ok_or(DropError::NotFound)?;
    if row.status != CommandStatus::Error {
        return Err(DropError::Alive(row.status));
    }
    if row.kind == VerifyCounterparty::KIND {
        let about = verification_of(tx, &row).await?;
        if about.is_some_and(|about| about.result == VerificationResult::Wait) {
            return Err(DropError::Waits);
        }
    }
    if !commands::drop_dead(tx, id, now).await? {
        return Err(DropError::Before);
    }
    let entry = AuditEntry {
        at: now,
        event: "DEAD-LETTER-DROPPED",
        actor: "operator".to_owned(),
        subject: DeadLetter::from(&row).verification.map(|uuid| uuid.to_string()),
        detail: json!({"command": id.to_string(), "kind": row.kind, "reason": row.last_error, "because": because}),
    };
    audit::append(tx, &entry).await?;
    Ok(())
}
