//! Stands before a node's public listener, passes everything on, and keeps a copy.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use tokio::net::TcpListener;
use url::Url;
use waybill_egress::{Answer, Call, Egress, EgressClass};
use waybill_runtime::Shutdown;
use waybill_runtime::http::{ServeOptions, listen, serve};

use super::message::{Message, Wire};
use crate::demo::side::Side;

/// Above the limit of a node, which then refuses by itself.
const MAX_BODY: usize = 1024 * 1024;
/// Above the patience of the nodes with each other.
const TIMEOUT: Duration = Duration::from_secs(30);
/// What belongs to one connection and is made anew for the next.
const OF_THE_CONNECTION: [http::HeaderName; 4] = [HOST, CONTENT_LENGTH, CONNECTION, TRANSFER_ENCODING];

/// A recorder that listens and is not served yet.
pub struct Recorder {
    listener: TcpListener,
    line: Arc<Line>,
}

struct Line {
    to: Side,
    node: SocketAddr,
    egress: Egress,
    wire: Wire,
}

/// Takes the port at which the directory says that the node listens.
pub async fn open(
    to: Side,
    endpoint: SocketAddr,
    node: SocketAddr,
    egress: &Egress,
    wire: &Wire,
) -> anyhow::Result<Recorder> {
    let listener = listen(endpoint).await.context("the recorder between the nodes")?;
    let line = Line { to, node, egress: egress.clone(), wire: wire.clone() };
    Ok(Recorder { listener, line: Arc::new(line) })
}

impl Recorder {
    pub async fn run(self, shutdown: Shutdown) {
        let router = Router::new().fallback(pass).with_state(self.line);
        let options = ServeOptions { header_timeout: TIMEOUT, max_connections: 256 };
        serve(self.listener, router, options, shutdown).await;
    }
}

async fn pass(State(line): State<Arc<Line>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let begun = (parts.method == Method::POST).then(|| line.wire.begin());
    // Unsigned, so that the asking node takes it for what it is: no answer.
    let Ok(answer) = line.pass_on(&parts, body.clone()).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let response = as_response(&answer);
    if let Some(begun) = begun {
        let message = Message {
            to: line.to,
            path: parts.uri.path().to_owned(),
            headers: parts.headers,
            body,
            status: answer.status,
            answer_headers: answer.headers,
            answer: answer.body,
        };
        line.wire.keep(begun, message);
    }
    response
}

impl Line {
    async fn pass_on(&self, parts: &Parts, body: Bytes) -> anyhow::Result<Answer> {
        let call = Call {
            class: EgressClass::Operator,
            destination: format!("node:{}", self.node),
            method: parts.method.clone(),
            url: Url::parse(&format!("http://{}{}", self.node, parts.uri))?,
            headers: without_connection(&parts.headers),
            body,
            timeout: TIMEOUT,
            max_answer_bytes: MAX_BODY,
            concurrency: Some(256),
            sign_of_life: None,
        };
        Ok(self.egress.send(call).await?)
    }
}

fn as_response(answer: &Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body.clone()));
    *response.status_mut() = answer.status;
    *response.headers_mut() = without_connection(&answer.headers);
    response
}

fn without_connection(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
    headers
}
