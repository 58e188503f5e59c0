//! A vendor's limit: so many requests in any window.

use std::collections::VecDeque;
use std::time::Duration;

use waybill_domain::Timestamp;

/// The times of the requests that were let through.
#[derive(Default)]
pub(super) struct Window(VecDeque<Timestamp>);

impl Window {
    /// Whether one more is allowed now; counts it if so. Refused ones don't count.
    pub(super) fn allows(&mut self, now: Timestamp, limit: Option<u32>, length: Duration) -> bool {
        let Some(limit) = limit else { return true };
        let begin = now - length;
        while self.0.front().is_some_and(|oldest| *oldest <= begin) {
            self.0.pop_front();
        }
        let allowed = self.0.len() < limit as usize;
        if allowed {
            self.0.push_back(now);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_no_window_are_more_than_allowed() {
        let (mut window, second) = (Window::default(), Duration::from_secs(1));
        let start: Timestamp = "2023-05-18T12:39:45.900Z".parse().unwrap();
        let at = |millis| start + Duration::from_millis(millis);
        assert!(window.allows(at(0), Some(2), second));
        assert!(window.allows(at(300), Some(2), second));
        assert!(!window.allows(at(999), Some(2), second), "a new calendar second does not help");
        assert!(window.allows(at(1_000), Some(2), second));
        assert!(!window.allows(at(1_299), Some(2), second));
        assert!(window.allows(at(1_300), Some(2), second));
        assert!(window.allows(at(1_300), None, second));
    }
}
