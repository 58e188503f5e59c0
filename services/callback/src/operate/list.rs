//! Listing callbacks.

use waybill_domain::{CommandId, Timestamp, VerificationUuid};
use waybill_jobs::{CallbackType, Command as _, DeliverCallback};
use waybill_store::tables::callback_deliveries;
use waybill_store::tables::commands::{self, CommandFilter, CommandRow, CommandStatus};
use waybill_store::{Store, StoreError, Tx};

/// Which callbacks are wanted; all conditions hold together.
#[derive(Debug, Clone, Copy)]
pub struct CallbackFilter {
    /// In this status; `Error` are those that were given up.
    pub status: Option<CommandStatus>,
    /// About this verification.
    pub verification: Option<VerificationUuid>,
    /// How many at the most.
    pub limit: u32,
}

/// A callback as an operator sees it. Holds no personal data.
#[derive(Debug, Clone)]
pub struct CallbackView {
    /// Its id, to be given to [`super::replay()`].
    pub id: CommandId,
    /// What it is about.
    pub callback_type: CallbackType,
    /// The verification.
    pub verification: VerificationUuid,
    /// Its `webhook-id`.
    pub webhook_id: String,
    /// How far it has come.
    pub status: CommandStatus,
    /// When it came up.
    pub created_at: Timestamp,
    /// When it is tried next, while it waits.
    pub due_at: Timestamp,
    /// When it was delivered or given up.
    pub finished_at: Option<Timestamp>,
    /// Attempts that were made.
    pub attempts: u32,
    /// The last of them.
    pub last: Option<LastAttempt>,
    /// Why it is not delivered.
    pub last_error: Option<String>,
}

/// How the last attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAttempt {
    /// When it began.
    pub at: Timestamp,
    /// `DELIVERED`, or what went wrong.
    pub outcome: String,
    /// The backend's status, when it answered.
    pub http_status: Option<u32>,
    /// Delivered although an earlier callback of the verification was not.
    pub out_of_order: bool,
}

/// The callbacks that match, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn list(store: &Store, filter: CallbackFilter) -> Result<Vec<CallbackView>, StoreError> {
    store
        .read("callback::list", filter, |tx, filter| {
            Box::pin(async move {
                let mut views = Vec::new();
                for row in rows(tx, filter.status, filter.verification, filter.limit).await? {
                    if let Some(body) = body_of(&row) {
                        views.push(view(tx, row, body).await?);
                    }
                }
                Ok(views)
            })
        })
        .await
}

/// Commands that carry callbacks, newest first.
pub(super) async fn rows(
    tx: &mut Tx,
    status: Option<CommandStatus>,
    verification: Option<VerificationUuid>,
    limit: u32,
) -> Result<Vec<CommandRow>, StoreError> {
    let group_key = verification.map(|uuid| uuid.to_string());
    let filter = CommandFilter { kind: Some(DeliverCallback::KIND.to_owned()), status, group_key };
    commands::list(tx, &filter, limit).await
}

/// What a command says; `None`, with a line in the log, when another version of the program wrote it.
pub(super) fn body_of(row: &CommandRow) -> Option<DeliverCallback> {
    let body = serde_json::from_str(&row.body);
    body.inspect_err(|_| tracing::warn!(id = %row.id, "a callback cannot be read and is left out")).ok()
}

async fn view(tx: &mut Tx, row: CommandRow, body: DeliverCallback) -> Result<CallbackView, StoreError> {
    let deliveries = callback_deliveries::of_command(tx, row.id).await?;
    let attempts = u32::try_from(deliveries.len()).unwrap_or(u32::MAX);
    let last = deliveries.into_iter().next_back().map(|delivery| LastAttempt {
        at: delivery.attempted_at,
        outcome: delivery.outcome,
        http_status: delivery.http_status,
        out_of_order: delivery.out_of_order,
    });
    Ok(CallbackView {
        id: row.id,
        callback_type: body.callback_type,
        verification: body.verification_uuid,
        webhook_id: body.webhook_id,
        status: row.status,
        created_at: row.created_at,
        due_at: row.due_at,
        finished_at: row.finished_at,
        attempts,
        last,
        last_error: row.last_error,
    })
}
