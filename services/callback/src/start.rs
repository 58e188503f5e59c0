//! The service within a node.

use std::sync::Arc;

use waybill_context::SharedContext;

use crate::CallbackService;

/// Starts delivering. With a token or secrets that cannot be used nothing is sent: callbacks wait in the database.
pub fn start(ctx: &SharedContext) {
    let service = CallbackService {
        store: ctx.store.clone(),
        bus: ctx.bus.clone(),
        vault: ctx.vault.clone(),
        egress: ctx.egress.shared_by(&ctx.shares.callback),
        clock: Arc::clone(&ctx.clock),
        entropy: Arc::clone(&ctx.entropy),
        backend: ctx.settings.backend.clone(),
        settings: ctx.settings.callback.clone(),
    };
    waybill_metrics::callback_given_up(0);
    if service.backend.callback_url.is_none() {
        tracing::warn!(
            "backend.callback_url is not set: callbacks wait until it is, and are given up in the end"
        );
    }
    if service.settings.secrets.is_empty() {
        tracing::warn!("callback.secrets is not set: callbacks are delivered without a signature");
    }
    if let Err(error) = service.work() {
        tracing::error!(alarm = "settings", %error, "no callback is delivered");
    }
}
