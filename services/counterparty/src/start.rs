//! Starts the service.

use std::sync::Arc;

use waybill_context::SharedContext;

use crate::peers::Peers;
use crate::{health, inbound, outbound};

/// Takes over the commands and requests of this service, and starts to watch over the members and over what
/// was given up. Everything ends with the node's shutdown. What other members send is served by the router.
pub fn start(ctx: &SharedContext) {
    let peers = Peers::new(Arc::clone(ctx));
    outbound::start(&peers);
    inbound::start(ctx);
    ctx.tasks.spawn("member health", health::watch_members(peers));
    ctx.tasks.spawn("stranded verifications", outbound::end_stranded(Arc::clone(ctx)));
}
