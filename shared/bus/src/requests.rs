//! Requests: a question to a service, answered within the caller's deadline or not at all.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use futures_util::FutureExt as _;
use tokio::sync::Semaphore;
use waybill_domain::{Fault, codes};
use waybill_jobs::Request;

/// Answers one kind of request.
#[async_trait]
pub trait RequestHandler<Q: Request>: Send + Sync + 'static {
    /// Answers.
    ///
    /// # Errors
    /// A refusal, which the asker gets as it is.
    async fn answer(&self, request: Q) -> Result<Q::Answer, Fault>;
}

/// The handlers of this process. Bodies are serialised even here, so that both buses behave alike.
#[derive(Clone, Default)]
pub(crate) struct LocalRequests(Arc<RwLock<HashMap<&'static str, Served>>>);

#[derive(Clone)]
struct Served {
    handler: Arc<dyn ErasedHandler>,
    slots: Arc<Semaphore>,
}

#[async_trait]
trait ErasedHandler: Send + Sync {
    async fn answer(&self, body: &[u8]) -> Result<Vec<u8>, Fault>;
}

struct Typed<Q, H>(H, PhantomData<fn(Q)>);

#[async_trait]
impl<Q: Request, H: RequestHandler<Q>> ErasedHandler for Typed<Q, H> {
    async fn answer(&self, body: &[u8]) -> Result<Vec<u8>, Fault> {
        let request = serde_json::from_slice(body).map_err(|_| codes::internal_error())?;
        let answer = self.0.answer(request).await?;
        serde_json::to_vec(&answer).map_err(|_| codes::internal_error())
    }
}

impl LocalRequests {
    pub(crate) fn serve<Q: Request, H: RequestHandler<Q>>(&self, handler: H, concurrency: usize) {
        let handler = Arc::new(Typed(handler, PhantomData));
        let served = Served { handler, slots: Arc::new(Semaphore::new(concurrency)) };
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(Q::KIND, served);
    }

    /// Whether this process answers a kind itself.
    pub(crate) fn has(&self, kind: &str) -> bool {
        self.served(kind).is_some()
    }

    /// Answers, as soon as there is a place. A panic is the fault of this request only.
    pub(crate) async fn answer(&self, kind: &str, body: &[u8]) -> Result<Vec<u8>, Fault> {
        let served = self.served(kind).ok_or_else(codes::service_unavailable)?;
        let _slot = served.slots.acquire().await.map_err(|_| codes::service_unavailable())?;
        let answer = AssertUnwindSafe(served.handler.answer(body)).catch_unwind().await;
        answer.unwrap_or_else(|_panic| Err(codes::internal_error()))
    }

    fn served(&self, kind: &str) -> Option<Served> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(kind).cloned()
    }
}
