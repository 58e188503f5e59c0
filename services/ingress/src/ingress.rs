//! What all endpoints share.

use std::sync::Arc;

use bytes::Bytes;
use waybill_context::SharedContext;
use waybill_runtime::Traceparent;

use crate::callers::{KeyCache, Limits};

/// The private API of one node.
pub(crate) struct Ingress {
    pub(crate) ctx: SharedContext,
    pub(crate) keys: KeyCache,
    pub(crate) limits: Limits,
    /// The OpenAPI document, as JSON.
    pub(crate) description: Bytes,
}

pub(crate) type SharedIngress = Arc<Ingress>;

impl Ingress {
    pub(crate) fn new(ctx: &SharedContext, description: Bytes) -> SharedIngress {
        let settings = &ctx.settings.ingress;
        Arc::new(Self {
            ctx: Arc::clone(ctx),
            keys: KeyCache::default(),
            limits: Limits::new(settings.rate_per_second, settings.rate_burst, &ctx.shares.ingress),
            description,
        })
    }
}

/// The trace that the request belongs to, for the commands it leads to.
pub(crate) fn current_trace() -> Option<String> {
    Traceparent::current().map(|trace| trace.to_string())
}
