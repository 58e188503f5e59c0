//! Serving the sandbox on one listener.

use std::future::{Future, pending};
use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::connection::{Closable, Connection};
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
    let router = sandbox.router().into_make_service_with_connect_info::<Connection>();
    let server = axum::serve(Closable(listener), router).with_graceful_shutdown(async move {
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
