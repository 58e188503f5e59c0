//! How long keys are used, and how much longer they are kept.

use std::time::Duration;

use waybill_domain::Timestamp;
use waybill_runtime::settings::Settings;

/// A pair of ours that many share is given out this long before the next takes its place.
const RENEW_AFTER: Duration = Duration::from_secs(24 * 3600);
/// For clocks that differ and messages that are under way: the window of signatures.
const MARGIN: Duration = Duration::from_secs(300);

/// Rules about time, all from two settings.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// How long a public key is used after it was asked for: `keys.ttl`.
    pub ttl: Duration,
    /// The longest wait for an answer that is sealed to one of our keys: `verification.deadline`.
    pub deadline: Duration,
}

impl Lifetimes {
    /// The rules under these settings.
    pub fn of(settings: &Settings) -> Self {
        Self { ttl: settings.keys.ttl, deadline: settings.verification.deadline }
    }

    /// Until when a key that is given out now may be used.
    pub(crate) fn expires_at(&self, now: Timestamp) -> Timestamp {
        now + self.ttl
    }

    /// A pair that was made at this time or earlier gives way to a new one when it is asked for.
    pub(crate) fn worn_since(&self, now: Timestamp) -> Timestamp {
        now - RENEW_AFTER.max(self.ttl)
    }

    /// Nothing can come any more that is sealed to a key that was given out before this time for the last time:
    /// its user sealed to it within the TTL, or answered to it within the deadline.
    pub(crate) fn needless_before(&self, now: Timestamp) -> Timestamp {
        now - (self.ttl + self.deadline + MARGIN)
    }
}

#[cfg(test)]
mod tests {
    use waybill_domain::Clock as _;
    use waybill_testkit::MockClock;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_key_outlives_whoever_may_use_it() {
        let now = MockClock::default().now();
        let rules = Lifetimes { ttl: 30 * MINUTE, deadline: 10 * MINUTE };
        assert_eq!(rules.expires_at(now), now + 30 * MINUTE);
        assert_eq!(rules.needless_before(now), now - 45 * MINUTE);
        assert_eq!(rules.worn_since(now), now - 24 * 60 * MINUTE);
    }

    #[test]
    fn no_pair_is_renewed_before_its_ttl() {
        let now = MockClock::default().now();
        let rules = Lifetimes { ttl: 48 * 60 * MINUTE, deadline: MINUTE };
        assert_eq!(rules.worn_since(now), now - 48 * 60 * MINUTE);
    }
}
