//! Delivering callbacks again, whether they arrived or not.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;
use waybill_bus::Bus;
use waybill_domain::{CommandId, VerificationUuid};
use waybill_jobs::{Command as _, DeliverCallback};
use waybill_store::tables::audit::{self, AuditEntry};
use waybill_store::tables::commands::{self, CommandRow, CommandStatus};
use waybill_store::{Store, StoreError, Tx};

use super::list::{body_of, rows};

/// More callbacks than a verification can have, replays included, unless somebody replays for fun.
const MANY: u32 = 1000;

/// What is to be delivered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayTarget {
    /// One callback.
    Callback(CommandId),
    /// Every callback of a verification, in their order.
    Verification(VerificationUuid),
}

/// Why nothing is delivered again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// There is no such callback.
    #[error("there is no such callback")]
    NotFound,
    /// It is still being delivered, and need not be asked for.
    #[error("the callback is still being delivered")]
    Pending,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts callbacks on their way again, with the `webhook-id` they had: a receiver that remembers ids is not told twice.
/// The body is rendered anew. `order_hold` is the setting of that name. Gives the ids of the new callbacks.
///
/// # Errors
/// [`ReplayError`]; then nothing is delivered again.
pub async fn replay(
    store: &Store,
    bus: &Bus,
    order_hold: Duration,
    target: ReplayTarget,
) -> Result<Vec<CommandId>, ReplayError> {
    store
        .write("callback::replay", (bus.clone(), order_hold, target), |tx, (bus, order_hold, target)| {
            Box::pin(async move {
                let mut ids = Vec::new();
                for (original, callback) in chosen(tx, *target).await? {
                    ids.push(send_again(tx, bus, *order_hold, original, &callback).await?);
                }
                Ok(ids)
            })
        })
        .await
}

/// The callbacks of the target, oldest first, each once however often it was replayed.
async fn chosen(tx: &mut Tx, target: ReplayTarget) -> Result<Vec<(CommandId, DeliverCallback)>, ReplayError> {
    let (uuid, webhook_id) = match target {
        ReplayTarget::Verification(uuid) => (uuid, None),
        ReplayTarget::Callback(id) => {
            let callback = commands::find(tx, id).await?.filter(is_callback).as_ref().and_then(body_of);
            let callback = callback.ok_or(ReplayError::NotFound)?;
            (callback.verification_uuid, Some(callback.webhook_id))
        }
    };
    let (mut seen, mut chosen) = (HashSet::new(), Vec::new());
    for row in rows(tx, None, Some(uuid), MANY).await?.into_iter().rev() {
        let Some(callback) = body_of(&row) else { continue };
        if webhook_id.as_ref().is_some_and(|wanted| *wanted != callback.webhook_id) {
            continue;
        }
        if matches!(row.status, CommandStatus::Created | CommandStatus::Processing) {
            return Err(ReplayError::Pending);
        }
        if seen.insert(callback.webhook_id.clone()) {
            chosen.push((row.id, callback));
        }
    }
    if chosen.is_empty() { Err(ReplayError::NotFound) } else { Ok(chosen) }
}

fn is_callback(row: &CommandRow) -> bool {
    row.kind == DeliverCallback::KIND
}

async fn send_again(
    tx: &mut Tx,
    bus: &Bus,
    order_hold: Duration,
    original: CommandId,
    callback: &DeliverCallback,
) -> Result<CommandId, StoreError> {
    let uuid = callback.verification_uuid;
    let command = bus.command(callback).in_group(uuid).holding(order_hold);
    commands::insert(tx, &command).await?;
    let entry = AuditEntry {
        at: command.created_at,
        event: "CALLBACK-REPLAYED",
        actor: "operator".to_owned(),
        subject: Some(uuid.to_string()),
        detail: json!({
            "callbackType": callback.callback_type.as_str(),
            "original": original.to_string(),
            "callback": command.id.to_string(),
        }),
    };
    audit::append(tx, &entry).await?;
    Ok(command.id)
}
