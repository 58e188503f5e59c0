//! Looking at commands that were given up.

use waybill_domain::{CommandId, Timestamp, VaspId, VerificationResult};
use waybill_jobs::{AnswerVerification, Command as _, DeliverCallback};
use waybill_store::tables::commands::{self, CommandRow, CommandStatus, DeadFilter};
use waybill_store::tables::verifications::{self, VerificationRow};
use waybill_store::{Store, StoreError, Tx};

use super::{DeadLetter, Outlook, outlook};

/// One of them, with what it is about and what would happen.
#[derive(Debug, Clone)]
pub struct Details {
    /// The command.
    pub letter: DeadLetter,
    /// How far it has come: it may be alive again, or done.
    pub status: CommandStatus,
    /// How far its verification has come; `None` when it is gone.
    pub verification: Option<VerificationResult>,
    /// The VASP that it would go to; `None` when it goes to our own backend, or the verification is gone.
    pub vasp: Option<VaspId>,
    /// What would happen if it were redriven.
    pub outlook: Outlook,
}

/// The commands that were given up and match, newest first, `limit` at the most.
///
/// # Errors
/// [`StoreError`].
pub async fn list_dead_letters(
    store: &Store,
    filter: DeadFilter,
    limit: u32,
) -> Result<Vec<DeadLetter>, StoreError> {
    let rows = store.read("dead_letters::list", filter, move |tx, filter| {
        Box::pin(commands::list_dead(tx, filter, limit))
    });
    Ok(rows.await?.iter().map(DeadLetter::from).collect())
}

/// A command with what an operator wants to know before redriving it; `None` when there is none with this id.
///
/// # Errors
/// [`StoreError`].
pub async fn show_dead_letter(
    store: &Store,
    id: CommandId,
    now: Timestamp,
) -> Result<Option<Details>, StoreError> {
    store
        .read("dead_letters::show", (id, now), |tx, (id, now)| {
            Box::pin(async move {
                let Some(row) = commands::find(tx, *id).await? else { return Ok(None) };
                let about = verification_of(tx, &row).await?;
                let outlook = outlook::of(tx, &row, about.as_ref(), *now).await?;
                Ok(Some(Details {
                    letter: DeadLetter::from(&row),
                    status: row.status,
                    verification: about.as_ref().map(|about| about.result),
                    vasp: about.as_ref().and_then(|about| goes_to(&row.kind, about)),
                    outlook,
                }))
            })
        })
        .await
}

pub(super) async fn verification_of(
    tx: &mut Tx,
    row: &CommandRow,
) -> Result<Option<VerificationRow>, StoreError> {
    match DeadLetter::from(row).verification {
        Some(uuid) => verifications::find(tx, uuid).await,
        None => Ok(None),
    }
}

fn goes_to(kind: &str, about: &VerificationRow) -> Option<VaspId> {
    match kind {
        DeliverCallback::KIND => None,
        AnswerVerification::KIND => Some(about.originating_vasp_id),
        _ => Some(about.beneficiary_vasp_id),
    }
}
