//! The listener of another member: takes our answers, and acknowledges or refuses them as it is told.

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use waybill_crypto::EncryptionKeyPair;
use waybill_domain::Clock as _;
use waybill_protocol::messages::AnswersRequest;
use waybill_protocol::{Part, SealContext, open_message, sign_response, verify_request};
use waybill_testkit::{MockClock, SeededEntropy};

use crate::fixture::{OURS, ROBOT, identity};

/// The robot's listener, and the key that answers to it are sealed to.
#[derive(Clone)]
pub struct Member {
    pub endpoint: String,
    pub reply_key: Arc<EncryptionKeyPair>,
    shared: Arc<Shared>,
}

struct Shared {
    clock: MockClock,
    reply_key: Arc<EncryptionKeyPair>,
    script: Mutex<VecDeque<(u16, &'static str)>>,
    heard: Mutex<Vec<Value>>,
}

impl Member {
    pub async fn start(clock: &MockClock) -> Self {
        let reply_key = Arc::new(EncryptionKeyPair::generate(&SeededEntropy::new(77)));
        let shared = Arc::new(Shared {
            clock: clock.clone(),
            reply_key: Arc::clone(&reply_key),
            script: Mutex::default(),
            heard: Mutex::default(),
        });
        let router = Router::new().fallback(serve).with_state(Arc::clone(&shared));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { endpoint, reply_key, shared }
    }

    /// Refuses the next answers with these codes; acknowledges every other.
    pub fn will_refuse(&self, refusals: impl IntoIterator<Item = (u16, &'static str)>) {
        self.shared.script.lock().unwrap().extend(refusals);
    }

    /// The answers that arrived, opened.
    pub fn heard(&self) -> Vec<Value> {
        self.shared.heard.lock().unwrap().clone()
    }
}

async fn serve(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if uri.path() != "/peer/v1/answers" {
        return Response::new(Body::empty()); // a health check
    }
    let key = identity(OURS).verifying_key();
    let find_key = |_, key_id: &str| (key.key_id() == key_id).then_some(key);
    let proof = verify_request(&method, uri.path(), &headers, &body, find_key, shared.clock.now()).unwrap();
    let said: AnswersRequest = serde_json::from_slice(&body).unwrap();
    let context = SealContext {
        version: proof.version,
        message: "answers".parse().unwrap(),
        part: Part::Request,
        sender: OURS,
        recipient: ROBOT,
        message_id: proof.message_id,
        verification: Some(said.verification_uuid),
    };
    let answer = open_message(&context, &shared.reply_key.private, &said.sealed).unwrap();
    shared.heard.lock().unwrap().push(answer);
    let refusal = shared.script.lock().unwrap().pop_front();
    let (status, body) = match refusal {
        Some((status, code)) => (status, json!({"code": code, "message": ""})),
        None => (200, json!({"result": true})),
    };
    let (status, body) = (StatusCode::from_u16(status).unwrap(), body.to_string());
    let now = shared.clock.now();
    let headers = sign_response(&proof.exchange, ROBOT, status, body.as_bytes(), &identity(ROBOT), now);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
