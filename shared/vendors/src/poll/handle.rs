//! The way to a poller.

use std::sync::Arc;

use tokio::sync::Notify;

/// A poller that runs. Clones are one.
#[derive(Debug, Clone, Default)]
pub struct PollerHandle(Arc<Notify>);

impl PollerHandle {
    /// Says that something may be due, so that it looks soon.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    pub(super) async fn woken(&self) {
        self.0.notified().await;
    }
}
