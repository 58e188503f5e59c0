//! Our VASP's backend: answers as it is told.

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::fixture::verified;

/// A backend on a port of its own.
#[derive(Clone)]
pub struct StubBackend {
    pub base: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    script: Mutex<VecDeque<Say>>,
    heard: Mutex<Vec<Heard>>,
    gate: Notify,
}

/// A question that arrived.
#[derive(Debug, Clone)]
pub struct Heard {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
}

/// How the next question is answered.
#[derive(Debug, Clone)]
pub enum Say {
    Json(Value),
    Raw(u16, &'static str, String),
    /// This, once [`StubBackend::open_the_gate`] is called.
    AtTheGate(Value),
    /// Never.
    Nothing,
}

impl StubBackend {
    pub async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let router = Router::new().fallback(serve).with_state(Arc::clone(&shared));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, shared }
    }

    /// Answers the next questions like this; then every one with a good answer to a verification.
    pub fn will(&self, said: impl IntoIterator<Item = Say>) {
        self.shared.script.lock().unwrap().extend(said);
    }

    pub fn open_the_gate(&self) {
        self.shared.gate.notify_one();
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }
}

async fn serve(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body = serde_json::from_slice(&body).unwrap();
    shared.heard.lock().unwrap().push(Heard { path: uri.path().to_owned(), headers, body });
    let said = shared.script.lock().unwrap().pop_front().unwrap_or_else(|| Say::Json(verified()));
    match said {
        Say::Json(body) => axum::Json(body).into_response(),
        Say::Raw(status, content_type, body) => {
            (StatusCode::from_u16(status).unwrap(), [("content-type", content_type)], body).into_response()
        }
        Say::AtTheGate(body) => {
            shared.gate.notified().await;
            axum::Json(body).into_response()
        }
        Say::Nothing => std::future::pending().await,
    }
}

/// Everything that is no answer: what happens, and whether it is the backend's own doing.
pub fn no_answers() -> Vec<(Say, bool)> {
    let raw = |status, body: &str| Say::Raw(status, "application/json", body.to_owned());
    vec![
        (raw(500, "{}"), false),
        (raw(503, "{}"), false),
        (raw(429, "{}"), false),
        (raw(400, "{}"), true),
        (raw(401, "{}"), true),
        (raw(302, "{}"), true),
        (raw(200, "nonsense"), true),
        (raw(200, "[]"), true),
        (raw(200, "{}"), true),
        (raw(200, &format!("{{\"x\":\"{}\"}}", "y".repeat(70_000))), true),
        (Say::Raw(200, "text/plain", verified().to_string()), true),
    ]
}
