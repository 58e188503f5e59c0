//! Tells our own backend what a counterparty reported.

use waybill_context::Context;
use waybill_domain::VerificationUuid;
use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::{StoreError, Tx};

use super::trace;
use crate::self_flow;

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
            request_id: None,
        };
        let command = ctx.bus.command(&body).in_group(uuid).holding(ctx.settings.callback.order_hold);
        Self { callback_type, uuid, command: command.traced(trace::current()) }
    }

    pub(super) async fn add(&self, tx: &mut Tx) -> Result<(), StoreError> {
        commands::insert(tx, &self.command).await
    }

    /// Adds it unless the verification has one of its type.
    pub(super) async fn add_once(&self, tx: &mut Tx) -> Result<(), StoreError> {
        self_flow::add_missing_callback(tx, self.uuid, self.callback_type, &self.command).await
    }
}
