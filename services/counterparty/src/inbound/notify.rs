//! Tells our own backend what a counterparty reported.

use waybill_context::Context;
use waybill_domain::VerificationUuid;
use waybill_jobs::{CallbackType, Command as _, DeliverCallback};
use waybill_store::tables::commands::{self, CommandFilter, NewCommand};
use waybill_store::{StoreError, Tx};

use super::trace;

/// More than one verification can have.
const CALLBACKS: u32 = 16;

/// A callback about a verification, to be added in the transaction of its cause.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    callback_type: CallbackType,
    uuid: VerificationUuid,
    command: NewCommand,
}

/// What a later event may overwrite in the row.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    pub result: Option<String>,
    pub reason: Option<String>,
    pub message_sealed: Option<String>,
}

impl Notice {
    pub(super) fn new(
        ctx: &Context,
        callback_type: CallbackType,
        uuid: VerificationUuid,
        snapshot: Snapshot,
    ) -> Self {
        let Snapshot { result, reason, message_sealed } = snapshot;
        let webhook_id = format!("msg_{}", ctx.request_id());
        let body = DeliverCallback {
            callback_type,
            verification_uuid: uuid,
            webhook_id,
            result,
            reason,
            message_sealed,
        };
        let command = ctx.bus.command(&body).in_group(uuid).holding(ctx.settings.callback.order_hold);
        Self { callback_type, uuid, command: command.traced(trace::current()) }
    }

    pub(super) async fn add(&self, tx: &mut Tx) -> Result<(), StoreError> {
        commands::insert(tx, &self.command).await
    }

    /// Adds it unless the verification has one of its type: on a row that serves both sides, the state does not tell.
    pub(super) async fn add_once(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let filter = CommandFilter {
            kind: Some(DeliverCallback::KIND.to_owned()),
            group_key: Some(self.uuid.to_string()),
            status: None,
        };
        let known = commands::list(tx, &filter, CALLBACKS).await?;
        let same = |body: &str| {
            let known = serde_json::from_str::<DeliverCallback>(body);
            known.is_ok_and(|known| known.callback_type == self.callback_type)
        };
        if known.iter().any(|command| same(&command.body)) { Ok(()) } else { self.add(tx).await }
    }
}
