//! How a poller works.

use std::time::Duration;

/// How a poller works.
#[derive(Debug, Clone, Copy)]
pub struct PollOptions {
    /// Chunks that are worked on at a time.
    pub concurrency: usize,
    /// Rows that are worked on together, at the most.
    pub chunk: usize,
    /// A row that was taken is due again after so long, when nothing was written about it. Work is cut off before.
    pub lease: Duration,
    /// How often it looks when nothing is due.
    pub look_every: Duration,
}

impl Default for PollOptions {
    fn default() -> Self {
        Self { concurrency: 16, chunk: 1, lease: Duration::from_secs(60), look_every: Duration::from_secs(1) }
    }
}
