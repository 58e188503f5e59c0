//! The trace of a message: that of its sender, who proved to be a member.

use std::future::Future;

use http::HeaderMap;
use tracing::Instrument as _;
use waybill_context::Context;
use waybill_runtime::Traceparent;

/// Handles an admitted message as the next step of its sender's trace. The header is not covered by the signature:
/// nothing but logs and the traces of what follows depends on it.
///
/// Without one, and for everybody who is not admitted, the trace is the one that was started for the request.
pub(super) async fn continued<F: Future>(ctx: &Context, headers: &HeaderMap, handling: F) -> F::Output {
    let Some(theirs) = Traceparent::read(headers) else { return handling.await };
    let ours = theirs.next(&*ctx.entropy);
    let span = tracing::info_span!("message", traceparent = %ours);
    ours.scope(handling).instrument(span).await
}

/// What the current message is traced by, for the commands it causes.
pub(super) fn current() -> Option<String> {
    Traceparent::current().map(|trace| trace.to_string())
}
