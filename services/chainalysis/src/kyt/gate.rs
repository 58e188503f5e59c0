//! Closed for a while after the vendor refused our key: nobody knocks with it a thousand times, and somebody does now and
//! then, because the key may have been mended at the vendor's.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use waybill_domain::SharedClock;

/// Rows wait so long after a refusal of the key; one of them is tried in each such span.
pub(super) const CLOSED_FOR: Duration = Duration::from_secs(60);

const OPEN: i64 = 0;

/// Of one process.
pub(super) struct Gate {
    clock: SharedClock,
    /// When it was last closed, milliseconds since 1970.
    closed_at: AtomicI64,
}

impl Gate {
    pub(super) fn new(clock: SharedClock) -> Self {
        Self { clock, closed_at: AtomicI64::new(OPEN) }
    }

    /// The vendor refused the key.
    pub(super) fn close(&self) {
        self.closed_at.store(self.now(), Ordering::Relaxed);
    }

    /// The vendor took the key.
    pub(super) fn open(&self) {
        self.closed_at.store(OPEN, Ordering::Relaxed);
    }

    /// Of so many rows, those that may pass: all, none while it is closed, then one to try the key.
    pub(super) fn admits(&self, rows: u32) -> u32 {
        let closed_at = self.closed_at.load(Ordering::Relaxed);
        let wait = i64::try_from(CLOSED_FOR.as_millis()).unwrap_or(i64::MAX);
        match closed_at {
            OPEN => rows,
            _ if self.now().saturating_sub(closed_at) < wait => 0,
            _ => rows.min(1),
        }
    }

    fn now(&self) -> i64 {
        self.clock.now().timestamp_millis()
    }
}

#[cfg(test)]
mod tests {
    use waybill_testkit::MockClock;

    use super::*;

    #[test]
    fn after_a_refusal_one_row_tries_now_and_then() {
        let clock = MockClock::default();
        let gate = Gate::new(clock.shared());
        assert_eq!(gate.admits(7), 7);
        gate.close();
        assert_eq!(gate.admits(7), 0);
        clock.advance(CLOSED_FOR);
        assert_eq!((gate.admits(7), gate.admits(0)), (1, 0));
        gate.close();
        assert_eq!(gate.admits(7), 0);
        gate.open();
        assert_eq!(gate.admits(7), 7);
    }
}
