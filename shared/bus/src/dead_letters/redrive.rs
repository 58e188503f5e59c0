//! Handing commands out again that were given up.

use serde_json::json;
use waybill_domain::{CommandId, Timestamp};
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::commands::{self, DeadFilter};
use waybill_store::{Store, StoreError, Tx};

use super::list::verification_of;
use super::{DeadLetter, Outlook, outlook};

/// Looked at in one go.
const PAGE: u32 = 100;

/// Why a command is not redriven.
#[derive(Debug, thiserror::Error)]
pub enum RedriveError {
    /// There is no command with this id.
    #[error("there is no such command")]
    NotFound,
    /// It would be of no use, or do harm.
    #[error("{0}")]
    Refused(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redriven {
    /// Handed out again.
    pub redriven: Vec<CommandId>,
    /// Left as they are, and why.
    pub refused: Vec<(CommandId, String)>,
}

/// Hands a command out again as if it were new, exactly once however many ask for it, and audits that. A running node
/// takes it within seconds.
///
/// # Errors
/// [`RedriveError`]; then nothing is changed.
pub async fn redrive(store: &Store, id: CommandId, now: Timestamp) -> Result<(), RedriveError> {
    store.write("dead_letters::redrive", (id, now), |tx, (id, now)| Box::pin(one(tx, *id, *now))).await
}

/// Hands out those again that match, newest first, `limit` at the most, each in a transaction of its own.
///
/// # Errors
/// [`StoreError`]; those before stay redriven.
pub async fn redrive_all(
    store: &Store,
    filter: DeadFilter,
    limit: usize,
    now: Timestamp,
) -> Result<Redriven, StoreError> {
    let (mut done, mut filter) = (Redriven::default(), filter);
    loop {
        let page = super::list_dead_letters(store, filter.clone(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(done) };
        filter.before = Some(last.id);
        for letter in &page {
            if done.redriven.len() + done.refused.len() >= limit {
                return Ok(done);
            }
            match redrive(store, letter.id, now).await {
                Ok(()) => done.redriven.push(letter.id),
                Err(RedriveError::Store(error)) => return Err(error),
                Err(refused) => done.refused.push((letter.id, refused.to_string())),
            }
        }
    }
}

async fn one(tx: &mut Tx, id: CommandId, now: Timestamp) -> Result<(), RedriveError> {
    let row = commands::find(tx, id).await?.ok_or(RedriveError::NotFound)?;
    let about = verification_of(tx, &row).await?;
    if let Outlook::Refused(why) = outlook::of(tx, &row, about.as_ref(), now).await? {
        return Err(RedriveError::Refused(why));
    }
    if !commands::redrive(tx, id, now).await? {
        return Err(RedriveError::Refused("somebody else was faster".to_owned()));
    }
    let letter = DeadLetter::from(&row);
    let entry = AuditEntry {
        at: now,
        event: "DEAD-LETTER-REDRIVEN",
        actor: "operator".to_owned(),
        subject: letter.verification.map(|uuid| uuid.to_string()),
        detail: json!({"command": id.to_string(), "kind": row.kind, "attempts": row.attempts, "reason": row.last_error}),
    };
    audit::append(tx, &entry).await?;
    Ok(())
}
