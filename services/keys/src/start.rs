//! The service within a node.

use std::sync::Arc;

use tokio::sync::Notify;
use waybill_context::{KeyLifetimes, SharedContext};

use crate::KeysService;
use crate::at_rest::{AtRest, Farewell, Resealer, SPANS, Watch};

/// Starts answering `OwnKey` and `CounterpartyKey`.
pub fn start(ctx: &SharedContext) {
    let service = KeysService {
        store: ctx.store.clone(),
        bus: ctx.bus.clone(),
        vault: ctx.vault.clone(),
        clock: Arc::clone(&ctx.clock),
        entropy: Arc::clone(&ctx.entropy),
        lifetimes: KeyLifetimes::of(&ctx.settings),
        fetch_timeout: ctx.settings.peers.request_timeout,
    };
    service.serve();
}

/// Starts looking after the keys that seal at rest, in every process that has the vault. Gives what is to be said after
/// the last write.
pub fn watch_keyring(ctx: &SharedContext, at_rest: AtRest) -> Farewell {
    let changed = Arc::new(Notify::new());
    let watch = Watch::new(ctx.store.clone(), ctx.vault.clone(), at_rest, Arc::clone(&changed));
    let farewell = watch.farewell();
    ctx.tasks.spawn("keyring watch", watch.run(ctx.settings.encryption.keyring_poll, ctx.shutdown.clone()));
    let resealer = Resealer {
        store: ctx.store.clone(),
        vault: ctx.vault.clone(),
        clock: Arc::clone(&ctx.clock),
        token: ctx.request_id(),
        batch: ctx.settings.encryption.reseal_batch,
        share: ctx.settings.encryption.reseal_share,
        spans: SPANS,
        changed,
    };
    ctx.tasks.spawn("resealing", resealer.run(ctx.shutdown.clone()));
    farewell
}
