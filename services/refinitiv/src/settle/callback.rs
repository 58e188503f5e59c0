//! Tells our backend how a request ended.

use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_store::tables::commands::NewCommand;

use super::held::Held;
use crate::service::Wco;

impl Wco {
    /// The command, to be added in the transaction that ends the request. The body is made of the row when it is sent.
    pub(super) fn callback(&self, held: &Held) -> NewCommand {
        let body = DeliverCallback {
            callback_type: CallbackType::RefinitivWcoResult,
            verification_uuid: held.verification_uuid,
            webhook_id: format!("msg_{}", self.ctx.request_id()),
            result: None,
            reason: None,
            message_sealed: None,
            request_id: Some(held.request_id.clone()),
        };
        let command = self.ctx.bus.command(&body).in_group(held.verification_uuid);
        command.holding(self.ctx.settings.callback.order_hold).traced(held.traceparent.clone())
    }
}
