//! Starts the service.

use waybill_context::SharedContext;

use crate::{kyt, sanction};

/// Takes over the requests and commands of this service, and polls for results. Everything ends with the node's
/// shutdown.
pub fn start(ctx: &SharedContext) {
    sanction::start(ctx);
    kyt::start(ctx);
}
