//! Asks everybody to stop, and after a while insists.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// The wish to stop, shared by all tasks. First it is a request to finish what was begun; after the grace time it is
/// overdue, and whatever still runs is dropped.
#[derive(Debug, Clone)]
pub struct Shutdown {
    requested: CancellationToken,
    overdue: CancellationToken,
    grace: Duration,
}

impl Shutdown {
    /// Nobody asked to stop yet; `grace` is the time between request and insistence.
    pub fn new(grace: Duration) -> Self {
        Self { requested: CancellationToken::new(), overdue: CancellationToken::new(), grace }
    }

    /// Asks to stop and starts the grace time; later calls change nothing. Must be called within a runtime.
    pub fn begin(&self) {
        if self.requested.is_cancelled() {
            return;
        }
        self.requested.cancel();
        let (overdue, grace) = (self.overdue.clone(), self.grace);
        tokio::spawn(async move {
            tokio::time::sleep(grace).await;
            overdue.cancel();
        });
    }

    /// Insists at once, without grace.
    pub fn abort(&self) {
        self.requested.cancel();
        self.overdue.cancel();
    }

    /// Whether somebody asked to stop.
    pub fn is_requested(&self) -> bool {
        self.requested.is_cancelled()
    }

    /// Cancelled when somebody asks to stop; to cancel it is no request.
    pub fn token(&self) -> CancellationToken {
        self.requested.child_token()
    }

    /// Waits until somebody asks to stop.
    pub async fn requested(&self) {
        self.requested.cancelled().await;
    }

    /// Waits until the grace time is over.
    pub async fn overdue(&self) {
        self.overdue.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_becomes_overdue_after_the_grace_time() {
        let shutdown = Shutdown::new(Duration::from_secs(10));
        assert!(!shutdown.is_requested());
        let started = tokio::time::Instant::now();
        shutdown.begin();
        shutdown.begin();
        shutdown.requested().await;
        assert_eq!(started.elapsed(), Duration::ZERO);
        shutdown.overdue().await;
        assert!(started.elapsed() >= Duration::from_secs(10));
    }

    #[tokio::test]
    async fn an_abort_is_overdue_at_once() {
        let shutdown = Shutdown::new(Duration::from_secs(3600));
        shutdown.begin();
        shutdown.abort();
        shutdown.overdue().await;
    }
}
