//! Another member's node: checks our signatures, opens what we seal, and answers as it is told.

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;
use waybill_crypto::{EncryptionKeyPair, EncryptionPublicKey, IdentityKey};
use waybill_domain::{Clock as _, VaspId};
use waybill_protocol::messages::Sealed;
use waybill_protocol::{
    Exchange, Part, ProtocolVersion, SealContext, VerifiedRequest, open_message, seal_message, sign_response,
    verify_request,
};
use waybill_testkit::{MockClock, SeededEntropy};

use crate::fixture::identity;

/// A peer on a port of its own.
#[derive(Clone)]
pub struct FakePeer {
    pub id: VaspId,
    pub endpoint: String,
    shared: Arc<Shared>,
}

struct Shared {
    id: VaspId,
    clock: MockClock,
    keys: Mutex<Vec<EncryptionKeyPair>>,
    script: Mutex<VecDeque<Act>>,
    heard: Mutex<Vec<Heard>>,
    healthy: Mutex<StatusCode>,
    polls: AtomicUsize,
    signer: Mutex<IdentityKey>,
}

/// A message that arrived.
#[derive(Debug, Clone)]
pub struct Heard {
    pub path: String,
    pub message_id: Uuid,
    /// `traceparent`.
    pub trace: Option<String>,
    pub body: Value,
    /// The sealed payload, opened.
    pub payload: Option<Value>,
}

/// How the next message is answered.
#[derive(Clone)]
pub enum Act {
    /// Properly.
    Answer(u16, Value),
    /// With this payload, sealed to the reply key.
    Seal(Value),
    /// With a signature that is not ours to believe.
    Sign(BadSignature, Box<Act>),
    /// With a header besides.
    With(&'static str, &'static str, Box<Act>),
    /// By what stands in front of the node: with this status, and nothing of ours.
    Unsigned(u16),
    /// Stores it, and the connection breaks.
    Break,
    /// After this time by everybody's clock.
    After(Duration, Box<Act>),
    /// Never.
    Hang,
}

/// What is wrong with a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSignature {
    Absent,
    Altered,
    OtherKey,
    OtherMessage,
    Stale,
}

impl Act {
    pub fn accept() -> Self {
        Self::Answer(202, json!({"status": "ACCEPTED"}))
    }

    pub fn acknowledge() -> Self {
        Self::Answer(200, json!({"result": true}))
    }

    pub fn refuse(status: u16, code: &str) -> Self {
        Self::Answer(status, json!({"code": code, "message": "Taylor Robbins"}))
    }
}

impl FakePeer {
    pub async fn start(id: VaspId, clock: &MockClock) -> Self {
        let pairs = (0..2).map(|seed| EncryptionKeyPair::generate(&SeededEntropy::new(100 + seed)));
        let shared = Arc::new(Shared {
            id,
            clock: clock.clone(),
            keys: Mutex::new(pairs.collect()),
            script: Mutex::default(),
            heard: Mutex::default(),
            healthy: Mutex::new(StatusCode::OK),
            polls: AtomicUsize::new(0),
            signer: Mutex::new(identity(id)),
        });
        let router = Router::new().fallback(serve).with_state(Arc::clone(&shared));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        // The endpoint has a path of its own, as behind a shared gateway.
        let endpoint = format!("http://{}/travel-rule", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { id, endpoint, shared }
    }

    /// Answers the next messages like this; then every message as unavailable.
    pub fn will(&self, acts: impl IntoIterator<Item = Act>) {
        self.shared.script.lock().unwrap().extend(acts);
    }

    /// Everything that arrived so far, health checks apart.
    pub fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }

    /// The public half of one of its two keys, `peer-0` and `peer-1`.
    pub fn public_key(&self, number: usize) -> EncryptionPublicKey {
        self.shared.keys.lock().unwrap()[number].public.clone()
    }

    /// Signs its answers with this key from now on.
    pub fn sign_with(&self, key: IdentityKey) {
        *self.shared.signer.lock().unwrap() = key;
    }

    /// How often it was asked whether it is there.
    pub fn polls(&self) -> usize {
        self.shared.polls.load(Ordering::SeqCst)
    }

    pub fn set_health(&self, status: StatusCode) {
        *self.shared.healthy.lock().unwrap() = status;
    }
}

async fn serve(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if uri.path() == "/travel-rule/healthcheck" {
        shared.polls.fetch_add(1, Ordering::SeqCst);
        let status = *shared.healthy.lock().unwrap();
        return Response::builder().status(status).body(Body::empty()).unwrap();
    }
    let (now, find_key) = (shared.clock.now(), |id, key_id: &str| {
        let key = identity(id).verifying_key();
        (key.key_id() == key_id).then_some(key)
    });
    let verified = verify_request(&method, uri.path(), &headers, &body, find_key, now);
    let verified = verified.expect("our requests are signed well");
    assert_eq!(verified.recipient, shared.id);
    let heard = shared.hear(&uri, &headers, &verified, &body);
    let act = shared.script.lock().unwrap().pop_front();
    let act = act.unwrap_or(Act::Answer(503, json!({"code": "SERVICE-UNAVAILABLE", "message": ""})));
    shared.play(act, &verified, &heard, HeaderMap::new(), None).await
}

impl Shared {
    fn hear(&self, uri: &Uri, headers: &HeaderMap, verified: &VerifiedRequest, body: &[u8]) -> Heard {
        let path = uri.path().strip_prefix("/travel-rule/peer/v1/").unwrap().to_owned();
        let body: Value = serde_json::from_slice(body).unwrap();
        let payload = body.get("sealed").map(|sealed| {
            let sealed: Sealed = serde_json::from_value(sealed.clone()).unwrap();
            let number: usize = sealed.key_id.strip_prefix("peer-").unwrap().parse().unwrap();
            let key = self.keys.lock().unwrap()[number].private.clone();
            open_message(&context(&path, verified, &body), &key, &sealed).unwrap()
        });
        let trace = headers.get("traceparent").map(|trace| trace.to_str().unwrap().to_owned());
        let heard = Heard { path, message_id: verified.message_id, trace, body, payload };
        self.heard.lock().unwrap().push(heard.clone());
        heard
    }

    async fn play(
        &self,
        act: Act,
        verified: &VerifiedRequest,
        heard: &Heard,
        mut more: HeaderMap,
        bad: Option<BadSignature>,
    ) -> Response {
        match act {
            Act::Answer(status, mut body) => {
                if let Some(uuid) = heard.body.get("verificationUuid").filter(|_| status == 202) {
                    body["verificationUuid"] = uuid.clone();
                }
                self.respond(status, &body, verified, more, bad)
            }
            Act::Seal(payload) => {
                let body = self.sealed(&payload, verified, heard);
                self.respond(200, &body, verified, more, bad)
            }
            Act::Sign(bad, act) => Box::pin(self.play(*act, verified, heard, more, Some(bad))).await,
            Act::With(name, value, act) => {
                more.insert(name, value.parse().unwrap());
                Box::pin(self.play(*act, verified, heard, more, bad)).await
            }
            Act::After(wait, act) => {
                self.clock.advance(wait);
                Box::pin(self.play(*act, verified, heard, more, bad)).await
            }
            Act::Unsigned(status) => Response::builder().status(status).body(Body::empty()).unwrap(),
            Act::Break => {
                let broken = std::io::Error::other("the connection breaks");
                let stream = futures_util::stream::once(async { Err::<Bytes, _>(broken) });
                Response::new(Body::from_stream(stream))
            }
            Act::Hang => {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Response::new(Body::empty())
            }
        }
    }

    fn sealed(&self, payload: &Value, verified: &VerifiedRequest, heard: &Heard) -> Value {
        let reply_key = &heard.body["replyKey"];
        let key = EncryptionPublicKey::parse(reply_key["publicKey"].as_str().unwrap()).unwrap();
        let context = context(&heard.path, verified, &heard.body).response();
        let key_id = reply_key["keyId"].as_str().unwrap();
        let sealed = seal_message(&context, key_id, &key, payload, &SeededEntropy::new(5)).unwrap();
        let mut body = json!({"sealed": sealed});
        if let Some(uuid) = heard.body.get("verificationUuid") {
            body["verificationUuid"] = uuid.clone();
        }
        body
    }

    fn respond(
        &self,
        status: u16,
        body: &Value,
        verified: &VerifiedRequest,
        more: HeaderMap,
        bad: Option<BadSignature>,
    ) -> Response {
        let (body, status) = (body.to_string(), StatusCode::from_u16(status).unwrap());
        let (mut exchange, mut key, mut now) =
            (verified.exchange.clone(), self.signer.lock().unwrap().clone(), self.clock.now());
        match bad {
            Some(BadSignature::OtherKey) => key = IdentityKey::from_seed(&[66; 32]),
            Some(BadSignature::OtherMessage) => exchange = other_message(exchange),
            Some(BadSignature::Stale) => now -= chrono::TimeDelta::minutes(6),
            _ => {}
        }
        let mut headers = sign_response(&exchange, self.id, status, body.as_bytes(), &key, now);
        if bad == Some(BadSignature::Absent) {
            headers.remove("signature");
        }
        let body = if bad == Some(BadSignature::Altered) { format!("{body} ") } else { body };
        headers.extend(more);
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}

/// An answer to another request of ours.
fn other_message(exchange: Exchange) -> Exchange {
    Exchange { signature: vec![7; 64], ..exchange }
}

fn context(path: &str, verified: &VerifiedRequest, body: &Value) -> SealContext {
    SealContext {
        version: ProtocolVersion::CURRENT,
        message: path.parse().unwrap(),
        part: Part::Request,
        sender: verified.sender,
        recipient: verified.recipient,
        message_id: verified.message_id,
        verification: body.get("verificationUuid").map(|uuid| uuid.as_str().unwrap().parse().unwrap()),
    }
}
