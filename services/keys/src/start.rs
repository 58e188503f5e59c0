//! The service within a node.

use std::sync::Arc;

use waybill_context::SharedContext;

use crate::{Housekeeping, KeysService, Lifetimes};

/// Starts answering `OwnKey` and `CounterpartyKey`, and clearing away what is no longer needed.
pub fn start(ctx: &SharedContext) {
    let lifetimes = Lifetimes::of(&ctx.settings);
    let service = KeysService {
        store: ctx.store.clone(),
        bus: ctx.bus.clone(),
        vault: ctx.vault.clone(),
        clock: Arc::clone(&ctx.clock),
        entropy: Arc::clone(&ctx.entropy),
        lifetimes,
        fetch_timeout: ctx.settings.peers.request_timeout,
    };
    service.serve();
    let housekeeping = Housekeeping {
        store: ctx.store.clone(),
        clock: Arc::clone(&ctx.clock),
        token: ctx.request_id(),
        lifetimes,
        keep_idempotency_keys: ctx.settings.idempotency.keep,
    };
    tokio::spawn(housekeeping.run(ctx.shutdown.clone()));
}
