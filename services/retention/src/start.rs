//! The service within a node, and for a command.

use std::sync::Arc;

use waybill_context::SharedContext;
use waybill_domain::SharedClock;
use waybill_runtime::settings::Settings;
use waybill_store::Store;

use crate::{Periods, Retention};

/// Starts deleting what is kept long enough.
pub fn start(ctx: &SharedContext) {
    let retention = Retention {
        store: ctx.store.clone(),
        clock: Arc::clone(&ctx.clock),
        token: ctx.request_id(),
        periods: Periods::of(&ctx.settings),
        actor: "node",
    };
    ctx.tasks.spawn("retention", retention.run(ctx.shutdown.clone()));
}

/// The same work by hand, beside nodes that may be running. `token` names this process.
pub fn of(settings: &Settings, store: Store, clock: SharedClock, token: String) -> Retention {
    Retention { store, clock, token, periods: Periods::of(settings), actor: "operator" }
}
