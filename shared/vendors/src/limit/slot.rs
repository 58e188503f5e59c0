//! A slot that this process has, until it is used.

use std::fmt;
use std::sync::Arc;

use tokio::time::Instant;

use super::turns::Inner;

/// Leave for one call. One that is dropped unused goes to whoever waits next.
pub(crate) struct Slot {
    limit: Arc<Inner>,
    /// Microseconds since 1970 by the database's clock.
    at: i64,
    kept: bool,
}

impl Slot {
    pub(super) fn new(limit: &Arc<Inner>, at: i64) -> Self {
        Self { limit: Arc::clone(limit), at, kept: true }
    }

    pub(super) fn at(&self) -> i64 {
        self.at
    }

    /// Whether it is not too late for it.
    pub(crate) fn is_usable(&self) -> bool {
        let usable_for = self.limit.rule().usable_for();
        self.limit.state().sight.is_usable(self.at, usable_for, Instant::now())
    }

    /// The call is made now.
    pub(crate) fn spend(mut self) {
        self.kept = false;
        waybill_metrics::vendor_turn(self.limit.label(), "taken");
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if self.kept {
            self.limit.give_back(self.at);
        }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("at", &self.at).finish_non_exhaustive()
    }
}
