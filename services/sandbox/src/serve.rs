//! Serving the sandbox on one listener.

use std::future::{Future, pending};
use std::io;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::sandbox::Sandbox;

/// How long requests under way are waited for; a backend that is slow on purpose does not hold up the end.
const GRACE: Duration = Duration::from_secs(1);

/// Serves until `shutdown` is ready, then lets requests under way end, for a second at most.
pub async fn run(
    sandbox: Sandbox,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (ending, mut is_ending) = watch::channel(false);
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true); // without it answers are right, only later
    });
    let server = axum::serve(listener, sandbox.router()).with_graceful_shutdown(async move {
        shutdown.await;
        ending.send_replace(true);
    });
    let grace = async move {
        if is_ending.wait_for(|ending| *ending).await.is_err() {
            pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = async { server.await } => served,
        () = grace => Ok(()),
    }
}
