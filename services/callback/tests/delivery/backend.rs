//! A backend that remembers what it was sent and answers as it is told.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use serde_json::Value;
use tokio::net::TcpListener;
use url::Url;
use waybill_testkit::eventually;

/// No test that passes waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// One request that arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Arrived {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn callback_type(&self) -> String {
        self.json()["callbackType"].as_str().unwrap().to_owned()
    }

    pub fn verification(&self) -> String {
        self.json()["data"]["verificationUuid"].as_str().unwrap().to_owned()
    }
}

/// What it does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    Status(u16),
    With(u16, &'static str, &'static str),
    /// A 200 with a body of so many bytes.
    Huge(usize),
    /// None at all, until the caller goes away.
    Never,
    /// A connection closed in the middle of a 200.
    Cut,
}

type Rule = Box<dyn Fn(&Arrived) -> Reply + Send>;

#[derive(Clone)]
pub struct Backend {
    shared: Arc<Shared>,
    address: SocketAddr,
}

struct Shared {
    arrived: Mutex<Vec<Arrived>>,
    script: Mutex<VecDeque<Reply>>,
    rule: Mutex<Rule>,
}

impl Backend {
    /// Answers with the replies of `script`, then with 200.
    pub async fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            arrived: Mutex::default(),
            script: Mutex::new(script.into_iter().collect()),
            rule: Mutex::new(Box::new(|_| Reply::Status(200))),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shared, address }
    }

    /// From now on, and after what is left of the script.
    pub fn answer_by(&self, rule: impl Fn(&Arrived) -> Reply + Send + 'static) {
        *self.shared.rule.lock().unwrap() = Box::new(rule);
    }

    pub fn url(&self) -> Url {
        format!("http://{}/callback", self.address).parse().unwrap()
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.shared.arrived.lock().unwrap().clone()
    }

    /// Waits until so many requests have arrived.
    pub async fn wait_for(&self, count: usize) -> Vec<Arrived> {
        eventually("the requests arrive", PATIENCE, async || {
            let arrived = self.arrived();
            (arrived.len() >= count).then_some(arrived)
        })
        .await
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let arrived = Arrived { method, path: uri.path().to_owned(), headers, body };
    shared.arrived.lock().unwrap().push(arrived.clone());
    let scripted = shared.script.lock().unwrap().pop_front();
    let reply = scripted.unwrap_or_else(|| (shared.rule.lock().unwrap())(&arrived));
    match reply {
        Reply::Status(status) => with_status(status).body(Body::empty()).unwrap(),
        Reply::With(status, name, value) => {
            with_status(status).header(name, value).body(Body::empty()).unwrap()
        }
        Reply::Huge(length) => with_status(200).body(Body::from(vec![b'x'; length])).unwrap(),
        Reply::Never => std::future::pending().await,
        Reply::Cut => with_status(200).header("content-length", "99").body(Body::from_stream(cut())).unwrap(),
    }
}

fn with_status(status: u16) -> axum::http::response::Builder {
    Response::builder().status(StatusCode::from_u16(status).unwrap())
}

fn cut() -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    futures_util::stream::iter([Ok(Bytes::from_static(b"begin")), Err(std::io::Error::other("cut"))])
}
