//! How long encryption keys are used, and how much longer they are kept.

use std::time::Duration;

use chrono::TimeDelta;
use waybill_domain::Timestamp;
use waybill_runtime::settings::Settings;

/// A pair of ours that many share is given out this long before the next takes its place.
const RENEW_AFTER: Duration = Duration::from_secs(24 * 3600);
/// For clocks that differ and messages that are under way: the window of signatures.
const MARGIN: Duration = Duration::from_secs(300);

/// Rules about time, all from two settings.
#[derive(Debug, Clone, Copy)]
pub struct KeyLifetimes {
    /// How long a public key is used after it was asked for: `keys.ttl`.
    pub ttl: Duration,
    /// The longest wait for an answer that is sealed to one of our keys: `verification.deadline`.
    pub deadline: Duration,
}

impl KeyLifetimes {
    /// The rules under these settings.
    pub fn of(settings: &Settings) -> Self {
        Self { ttl: settings.keys.ttl, deadline: settings.verification.deadline }
    }

    /// Until when a key that is given out now may be used.
    pub fn expires_at(&self, now: Timestamp) -> Timestamp {
        later(now, self.ttl)
    }

    /// A pair that was made at this time or earlier gives way to a new one when it is asked for.
    pub fn worn_since(&self, now: Timestamp) -> Timestamp {
        earlier(now, RENEW_AFTER.max(self.ttl))
    }

    /// Nothing can come any more that is sealed to a key that was given out before this time for the last time:
    /// its user sealed to it within the TTL, or answered to it within the deadline.
    pub fn needless_before(&self, now: Timestamp) -> Timestamp {
        earlier(now, self.ttl.saturating_add(self.deadline).saturating_add(MARGIN))
    }
}

/// As much later; the end of time, when it is beyond.
fn later(now: Timestamp, by: Duration) -> Timestamp {
    TimeDelta::from_std(by).ok().and_then(|by| now.checked_add_signed(by)).unwrap_or(Timestamp::MAX_UTC)
}

/// As much earlier; the epoch, when it is beyond.
fn earlier(now: Timestamp, by: Duration) -> Timestamp {
    let epoch = Timestamp::UNIX_EPOCH;
    TimeDelta::from_std(by).ok().and_then(|by| now.checked_sub_signed(by)).unwrap_or(epoch).max(epoch)
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
        let rules = KeyLifetimes { ttl: 30 * MINUTE, deadline: 10 * MINUTE };
        assert_eq!(rules.expires_at(now), now + 30 * MINUTE);
        assert_eq!(rules.needless_before(now), now - 45 * MINUTE);
        assert_eq!(rules.worn_since(now), now - 24 * 60 * MINUTE);
    }

    #[test]
    fn no_pair_is_renewed_before_its_ttl() {
        let now = MockClock::default().now();
        let rules = KeyLifetimes { ttl: 48 * 60 * MINUTE, deadline: MINUTE };
        assert_eq!(rules.worn_since(now), now - 48 * 60 * MINUTE);
    }
}
