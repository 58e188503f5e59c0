//! The server: hyper, so that slow heads are cut and connections are counted, which `axum::serve` lacks.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::Shutdown;

/// Largest head of a request, in bytes; hyper answers 431 beyond it.
const MAX_HEAD: usize = 32 * 1024;

/// Pause after the system refused a connection, which happens when it runs out of file handles.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Limits of a server.
#[derive(Debug, Clone, Copy)]
pub struct ServeOptions {
    /// Longest time to send the head of a request. Connections that are idle as long are closed too.
    pub header_timeout: Duration,
    /// Connections served at once; more wait in the system's queue.
    pub max_connections: usize,
}

/// The other end of the connection. Handlers find it in the extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub SocketAddr);

/// Serves HTTP/1.1 until the shutdown is requested, then finishes what was begun. What is not finished when the
/// shutdown is overdue is cut.
pub async fn serve(listener: TcpListener, router: Router, options: ServeOptions, shutdown: Shutdown) {
    let connections = TaskTracker::new();
    let slots = Arc::new(Semaphore::new(options.max_connections));
    let server = http_1(options);
    while let Some((stream, peer, slot)) = next_connection(&listener, &slots, &shutdown).await {
        let (server, router, shutdown) = (server.clone(), router.clone(), shutdown.clone());
        connections.spawn(async move {
            serve_connection(&server, stream, peer, router, &shutdown).await;
            drop(slot);
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

fn http_1(options: ServeOptions) -> http1::Builder {
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(options.header_timeout);
    server.max_header_size(MAX_HEAD).max_buf_size(2 * MAX_HEAD);
    server
}

type Connection = (TcpStream, PeerAddress, OwnedSemaphorePermit);

/// The next connection there is a slot for; `None` once the shutdown is requested.
async fn next_connection(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
    shutdown: &Shutdown,
) -> Option<Connection> {
    let next = async {
        let slot = slots.clone().acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return Some((stream, PeerAddress(peer), slot)),
                Err(error) if gave_up(error.kind()) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        biased;
        () = shutdown.requested() => None,
        connection = next => connection,
    }
}

/// The caller went away before we turned to it.
fn gave_up(error: ErrorKind) -> bool {
    matches!(error, ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused)
}

async fn serve_connection(
    server: &http1::Builder,
    stream: TcpStream,
    peer: PeerAddress,
    router: Router,
    shutdown: &Shutdown,
) {
    // Small answers go out at once. A socket that refuses is gone anyway.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(router.clone(), peer, request));
    let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
    // Errors here are the caller's: it went away, was too slow, or did not speak HTTP.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = shutdown.requested() => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => {}
        () = shutdown.overdue() => {}
    }
}

async fn answer(
    router: Router,
    peer: PeerAddress,
    mut request: Request<Incoming>,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(peer);
    router.oneshot(request.map(Body::new)).await
}
