//! A small HTTP client: one connection for each request, answers as they come.

use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::SOON;

/// Calls one port of 127.0.0.1.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    port: u16,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A call that got no whole answer.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;

impl Client {
    pub fn new(port: u16) -> Self {
        Self { port }
    }

    pub fn port(self) -> u16 {
        self.port
    }

    pub async fn get(self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Bytes::new()).await
    }

    pub async fn post(self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body).await.unwrap_or_else(|error| panic!("POST {path}: {error}"))
    }

    pub async fn post_with(self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.send(Method::POST, path, &headers, body.to_string()).await
    }

    pub async fn put(self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// As [`Client::post`], for a server that may die meanwhile.
    pub async fn try_post(self, path: &str, body: &Value) -> Result<Answer, Broken> {
        self.try_send(Method::POST, path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// As [`Client::get`], for a server that may die meanwhile.
    pub async fn try_get(self, path: &str) -> Result<Answer, Broken> {
        self.try_send(Method::GET, path, &[], Bytes::new()).await
    }

    pub async fn send(
        self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let sent = self.try_send(method.clone(), path, headers, body).await;
        sent.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    pub async fn try_send(
        self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer, Broken> {
        let mut request = Request::builder().method(method).uri(path).header("host", self.host());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into()))?;
        timeout(SOON, self.exchange(request)).await?
    }

    async fn exchange(self, request: Request<Full<Bytes>>) -> Result<Answer, Broken> {
        let stream = TcpStream::connect(self.address()).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let response = sender.send_request(request).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        connection.abort();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// Sends bytes that need not be HTTP, and returns all that comes back until the server closes the connection.
    pub async fn send_raw(self, bytes: &[u8]) -> String {
        let exchange = async {
            let mut stream = TcpStream::connect(self.address()).await?;
            stream.write_all(bytes).await?;
            stream.shutdown().await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        let answer = timeout(SOON, exchange).await.expect("the server closes the connection");
        String::from_utf8_lossy(&answer.expect("the server accepts a connection")).into_owned()
    }

    fn address(self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    fn host(self) -> String {
        self.address().to_string()
    }
}

impl Answer {
    /// The body as JSON. Panics when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The JSON of an answer that must be 200.
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        self.json()
    }

    /// Status and code of a refusal, which must have our shape: JSON with `code` and `message` and nothing else.
    pub fn refusal(&self) -> (u16, String) {
        let body = self.json();
        assert!(self.status.is_client_error() || self.status.is_server_error(), "{self:?}");
        assert_eq!(self.headers["content-type"], "application/json", "{self:?}");
        let fields: Vec<&str> =
            body.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        assert_eq!(fields, ["code", "message"], "{self:?}");
        assert!(!body["message"].as_str().expect("the message is text").is_empty());
        (self.status.as_u16(), body["code"].as_str().expect("the code is text").to_owned())
    }

    /// Panics unless it is this refusal.
    pub fn is_refused(&self, status: u16, code: &str) {
        assert_eq!(self.refusal(), (status, code.to_owned()), "{self:?}");
    }
}
