//! Signals of the operating system.

use tokio::signal::unix::{SignalKind, signal};

use super::Shutdown;

/// SIGTERM or SIGINT asks to stop; a second one aborts.
///
/// # Errors
/// When the handlers cannot be installed.
pub fn shut_down_on_signals(shutdown: &Shutdown) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let shutdown = shutdown.clone();
    tokio::spawn(async move {
        loop {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            if shutdown.is_requested() {
                tracing::warn!(signal = name, "stopping at once");
                shutdown.abort();
            } else {
                tracing::info!(signal = name, "stopping; once more to stop at once");
                shutdown.begin();
            }
        }
    });
    Ok(())
}
