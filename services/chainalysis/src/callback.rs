//! Tells our backend that a risk assessment has ended, or that there is more to it.

use waybill_context::Context;
use waybill_domain::VerificationUuid;
use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_store::tables::commands::NewCommand;

/// The command, to be added in the transaction of its cause.
pub(crate) fn callback(
    ctx: &Context,
    callback_type: CallbackType,
    verification_uuid: VerificationUuid,
    request_id: &str,
    traceparent: Option<String>,
) -> NewCommand {
    let body = DeliverCallback {
        callback_type,
        verification_uuid,
        webhook_id: format!("msg_{}", ctx.request_id()),
        result: None,
        reason: None,
        message_sealed: None,
        request_id: Some(request_id.to_owned()),
    };
    let command = ctx.bus.command(&body).in_group(verification_uuid);
    command.holding(ctx.settings.callback.order_hold).traced(traceparent)
}
