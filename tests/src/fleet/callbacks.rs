//! The callbacks that both backends were sent, as they arrive.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::Instant;

/// One delivery.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The VASP whose backend was called.
    pub vasp_id: String,
    /// `VERIFICATION_RESULT` and so on.
    pub kind: String,
    pub data: Value,
    pub at: Instant,
}

/// All deliveries, by verification, in the order of their arrival.
#[derive(Debug, Clone, Default)]
pub struct Callbacks(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    by_uuid: Mutex<HashMap<String, Vec<Arrival>>>,
    news: Notify,
}

impl Callbacks {
    /// Takes the callbacks of all VASPs; whatever else backends are asked goes to `others`.
    pub(crate) fn in_front_of(&self, others: Router) -> Router {
        Router::new()
            .route("/vasps/{vasp_id}/callback", post(arrived))
            .with_state(self.clone())
            .fallback_service(others)
    }

    /// Those about a verification, oldest first.
    pub fn about(&self, uuid: &str) -> Vec<Arrival> {
        self.all().get(uuid).cloned().unwrap_or_default()
    }

    /// When each one arrived, in no order.
    pub fn times(&self) -> Vec<Instant> {
        self.all().values().flatten().map(|arrival| arrival.at).collect()
    }

    /// Waits for the first one of a kind at a VASP about a verification.
    pub async fn first(&self, vasp_id: &str, uuid: &str, kind: &str) -> Value {
        loop {
            let news = self.0.news.notified();
            let found = self.about(uuid).into_iter().find(|arrival| arrival.is(vasp_id, kind));
            if let Some(arrival) = found {
                return arrival.data;
            }
            news.await;
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Vec<Arrival>>> {
        self.0.by_uuid.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Arrival {
    pub fn is(&self, vasp_id: &str, kind: &str) -> bool {
        self.vasp_id == vasp_id && self.kind == kind
    }
}

async fn arrived(
    State(callbacks): State<Callbacks>,
    Path(vasp_id): Path<String>,
    body: Bytes,
) -> &'static str {
    let mut body: Value = serde_json::from_slice(&body).expect("a callback is JSON");
    let text = |value: &Value| value.as_str().expect("every callback has it").to_owned();
    let kind = text(&body["callbackType"]);
    let data = body["data"].take();
    let uuid = text(&data["verificationUuid"]);
    let arrival = Arrival { vasp_id, kind, data, at: Instant::now() };
    callbacks.all().entry(uuid).or_default().push(arrival);
    callbacks.0.news.notify_waiters();
    "{}"
}
