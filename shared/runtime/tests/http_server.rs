//! The server against callers that are slow, greedy or still waiting when it stops.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request};
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use waybill_runtime::http::{BodyLimits, PeerAddress, Refusal, ServeOptions, listen, read_json, serve};
use waybill_runtime::lifecycle::Shutdown;

const PATIENCE: Duration = Duration::from_secs(20);
const GENEROUS: ServeOptions = ServeOptions { header_timeout: Duration::from_secs(60), max_connections: 100 };

struct Server {
    address: std::net::SocketAddr,
    shutdown: Shutdown,
    served: JoinHandle<()>,
}

impl Server {
    async fn start(router: Router, options: ServeOptions, grace: Duration) -> Self {
        let listener = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = Shutdown::new(grace);
        let served = tokio::spawn(serve(listener, router, options, shutdown.clone()));
        Self { address, shutdown, served }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn ended(self) {
        timeout(PATIENCE, self.served).await.expect("the server ends").unwrap();
    }
}

/// Everything the server sends until it closes the connection.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A reset ends the connection as well; what arrived before it counts.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("the server closes the connection");
    String::from_utf8(text).unwrap()
}

async fn read_some(stream: &mut TcpStream) -> String {
    let mut buffer = [0; 4096];
    let read = timeout(PATIENCE, stream.read(&mut buffer)).await.expect("the server answers").unwrap();
    String::from_utf8(buffer[..read].to_vec()).unwrap()
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

#[tokio::test]
async fn a_head_that_trickles_in_is_cut() {
    let options = ServeOptions { header_timeout: Duration::from_millis(200), ..GENEROUS };
    let server = Server::start(hello(), options, PATIENCE).await;
    let mut slow = server.connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
    assert_eq!(read_to_end(&mut slow).await, "");
    let mut silent = server.connect().await;
    assert_eq!(read_to_end(&mut silent).await, "");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Server::start(hello(), GENEROUS, PATIENCE).await;
    let mut stream = server.connect().await;
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n", "a".repeat(40_000));
    let _ = stream.write_all(head.as_bytes()).await;
    assert!(read_to_end(&mut stream).await.starts_with("HTTP/1.1 431 "));
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_a_slot() {
    let server = Server::start(hello(), ServeOptions { max_connections: 1, ..GENEROUS }, PATIENCE).await;
    let mut first = server.connect().await;
    first.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(read_some(&mut first).await.contains("200 OK"));

    let mut second = server.connect().await;
    second.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let early = timeout(Duration::from_millis(200), second.read_u8()).await;
    assert!(early.is_err(), "the first connection still has the only slot");
    drop(first);
    assert!(read_to_end(&mut second).await.contains("200 OK"));
}

#[tokio::test]
async fn stopping_finishes_what_was_begun() {
    let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begins, released) = (begun.clone(), release.clone());
    let router = Router::new().route(
        "/",
        get(|| async move {
            begins.notify_one();
            released.notified().await;
            "finished"
        }),
    );
    let server = Server::start(router, GENEROUS, Duration::from_secs(3600)).await;
    let address = server.address;
    let mut idle = server.connect().await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    timeout(PATIENCE, begun.notified()).await.unwrap();

    server.shutdown.begin();
    assert_eq!(read_to_end(&mut idle).await, "", "idle connections close at once");
    release.notify_one();
    let answer = read_to_end(&mut busy).await;
    assert!(answer.contains("200 OK") && answer.ends_with("finished"), "{answer}");
    server.ended().await;
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn what_is_overdue_is_cut() {
    let begun = Arc::new(Notify::new());
    let begins = begun.clone();
    let router = Router::new().route(
        "/",
        get(|| async move {
            begins.notify_one();
            std::future::pending::<String>().await
        }),
    );
    let server = Server::start(router, GENEROUS, Duration::from_millis(50)).await;
    let mut hung = server.connect().await;
    hung.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    timeout(PATIENCE, begun.notified()).await.unwrap();
    server.shutdown.begin();
    server.ended().await;
    assert_eq!(read_to_end(&mut hung).await, "");
}

#[tokio::test]
async fn a_large_body_is_refused_and_the_caller_hears_it() {
    const LIMITS: BodyLimits = BodyLimits { max_bytes: 1000, body_timeout: PATIENCE };
    let router = Router::new().route(
        "/",
        post(|request: Request<Body>| async move {
            let (head, body) = request.into_parts();
            read_json(&head.headers, body, LIMITS).await.map_err(Refusal).map(|value| value.to_string())
        }),
    );
    let server = Server::start(router, GENEROUS, PATIENCE).await;
    let body = "a".repeat(500_000);
    let announced = format!("content-length: {}\r\n\r\n{body}", body.len());
    let chunked = format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for rest in [announced, chunked] {
        let mut stream = server.connect().await;
        let head = "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n";
        stream.write_all(format!("{head}{rest}").as_bytes()).await.unwrap();
        let answer = read_to_end(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("PAYLOAD-TOO-LARGE"), "{answer}");
    }
}

#[tokio::test]
async fn handlers_know_the_other_end() {
    let router = Router::new().route(
        "/",
        get(|Extension(PeerAddress(peer)): Extension<PeerAddress>| async move { peer.to_string() }),
    );
    let server = Server::start(router, GENEROUS, PATIENCE).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let ours = stream.local_addr().unwrap().to_string();
    assert!(read_to_end(&mut stream).await.ends_with(&ours));
}
