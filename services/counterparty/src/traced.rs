//! Work on commands, as a step of the trace of their cause.

use async_trait::async_trait;
use waybill_bus::{Claim, CommandHandler, Outcome};
use waybill_context::Context;
use waybill_domain::SharedEntropy;
use waybill_jobs::Command;
use waybill_runtime::Traceparent;
use waybill_store::StoreError;

/// A handler whose calls to others carry on the trace that its command came with.
pub(crate) struct Traced<H> {
    handler: H,
    entropy: SharedEntropy,
}

impl<H> Traced<H> {
    pub(crate) fn new(ctx: &Context, handler: H) -> Self {
        Self { handler, entropy: SharedEntropy::clone(&ctx.entropy) }
    }
}

#[async_trait]
impl<C: Command, H: CommandHandler<C>> CommandHandler<C> for Traced<H> {
    async fn handle(&self, command: C, claim: &Claim) -> Result<Outcome, StoreError> {
        let work = self.handler.handle(command, claim);
        match claim.traceparent().and_then(|text| text.parse::<Traceparent>().ok()) {
            Some(cause) => cause.next(&*self.entropy).scope(work).await,
            None => work.await,
        }
    }
}
