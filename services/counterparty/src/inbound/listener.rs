//! What the handlers of the listener share.

use waybill_context::SharedContext;
use waybill_domain::VaspId;
use waybill_replicas::Pace;

use super::refusals::Refusals;
use crate::backend::Backend;

/// The public listener of this node.
pub(super) struct Listener {
    pub ctx: SharedContext,
    pub backend: Backend,
    /// Keys that each member may ask for, of all our listeners together.
    pub key_requests: Pace<VaspId>,
    pub refusals: Refusals,
}

impl Listener {
    pub(super) fn new(ctx: &SharedContext) -> Self {
        Self {
            backend: Backend::of(ctx),
            key_requests: Pace::per_minute(ctx.settings.listener.key_requests_per_minute)
                .shared_by(&ctx.shares.counterparty),
            refusals: Refusals::default(),
            ctx: ctx.clone(),
        }
    }
}
