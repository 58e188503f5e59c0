//! Time is passed in, so that tests can turn it.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

/// A point in time, UTC. Stored and sent with milliseconds.
pub type Timestamp = DateTime<Utc>;

/// Where the current time comes from.
pub trait Clock: Send + Sync {
    /// The current time, truncated to milliseconds, as every store keeps it.
    fn now(&self) -> Timestamp;
}

/// A clock that tasks share.
pub type SharedClock = Arc<dyn Clock>;

/// Cuts a time to milliseconds. Databases round differently; cutting first makes them agree.
pub fn truncate_to_millis(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(3)
}
