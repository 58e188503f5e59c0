//! A clock that stands still until a test turns it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::DateTime;
use waybill_domain::{Clock, SharedClock, Timestamp};

/// 2026-01-02 03:04:05 UTC, in milliseconds since 1970.
const START: i64 = 1_767_323_045_000;

/// A clock for tests. Clones show the same time.
#[derive(Debug, Clone)]
pub struct MockClock {
    millis: Arc<AtomicI64>,
}

impl MockClock {
    /// A clock that stands at `at`, cut to milliseconds.
    pub fn new(at: Timestamp) -> Self {
        Self { millis: Arc::new(AtomicI64::new(at.timestamp_millis())) }
    }

    /// The same clock in the form that production code takes.
    pub fn shared(&self) -> SharedClock {
        Arc::new(self.clone())
    }

    /// Moves the clock to `at`, forwards or backwards.
    pub fn set(&self, at: Timestamp) {
        self.millis.store(at.timestamp_millis(), Ordering::SeqCst);
    }

    /// Moves the clock forwards by whole milliseconds.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).expect("a test does not wait 292 million years");
        self.millis.fetch_add(by, Ordering::SeqCst);
    }
}

impl Default for MockClock {
    /// A clock that stands at 2026-01-02 03:04:05 UTC.
    fn default() -> Self {
        Self { millis: Arc::new(AtomicI64::new(START)) }
    }
}

impl Clock for MockClock {
    fn now(&self) -> Timestamp {
        let millis = self.millis.load(Ordering::SeqCst);
        DateTime::from_timestamp_millis(millis).expect("a test stays within the years chrono knows")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_still_until_it_is_turned() {
        let clock = MockClock::default();
        let shared = clock.shared();
        assert_eq!(shared.now().to_rfc3339(), "2026-01-02T03:04:05+00:00");
        clock.advance(Duration::from_millis(1500));
        assert_eq!(shared.now().to_rfc3339(), "2026-01-02T03:04:06.500+00:00");
        let back = DateTime::from_timestamp_millis(0).unwrap();
        clock.set(back);
        assert_eq!(shared.now(), back);
    }
}
