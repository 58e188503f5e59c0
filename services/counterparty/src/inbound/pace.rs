//! How often each of several parties may do something.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use waybill_domain::Timestamp;

/// All that a party may do in a minute may come at once.
const BURST: TimeDelta = TimeDelta::minutes(1);

/// A rate for each key. The keys must be few: members, codes, never what strangers choose.
pub(super) struct Pace<K> {
    interval: TimeDelta,
    parties: Mutex<HashMap<K, Party>>,
}

#[derive(Default)]
struct Party {
    /// When everything allowed so far is used up at the steady rate.
    paid_until: Timestamp,
    held_back: u64,
}

/// Whether it may be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Yes. Since the last time, so many were held back.
    Go { held_back: u64 },
    /// Not before this wait is over.
    Wait(Duration),
}

impl<K: Hash + Eq> Pace<K> {
    pub(super) fn per_minute(times: u32) -> Self {
        Self { interval: BURST / i32::try_from(times.max(1)).unwrap_or(i32::MAX), parties: Mutex::default() }
    }

    /// Takes a turn of `key`, if there is one.
    pub(super) fn take(&self, key: K, now: Timestamp) -> Turn {
        let mut parties = self.parties.lock().unwrap_or_else(PoisonError::into_inner);
        let party = parties.entry(key).or_default();
        let paid_until = party.paid_until.max(now) + self.interval;
        if let Ok(wait) = (paid_until - now - BURST).to_std()
            && !wait.is_zero()
        {
            party.held_back += 1;
            return Turn::Wait(wait);
        }
        party.paid_until = paid_until;
        Turn::Go { held_back: std::mem::take(&mut party.held_back) }
    }
}

#[cfg(test)]
mod tests {
    use waybill_domain::Clock as _;
    use waybill_testkit::MockClock;

    use super::*;

    #[test]
    fn a_minutes_worth_may_come_at_once_and_then_at_the_rate() {
        let (clock, pace) = (MockClock::default(), Pace::per_minute(6));
        for _ in 0..6 {
            assert_eq!(pace.take("a", clock.now()), Turn::Go { held_back: 0 });
        }
        assert_eq!(pace.take("a", clock.now()), Turn::Wait(Duration::from_secs(10)));
        clock.advance(Duration::from_secs(4));
        assert_eq!(pace.take("a", clock.now()), Turn::Wait(Duration::from_secs(6)));
        assert_eq!(pace.take("b", clock.now()), Turn::Go { held_back: 0 }, "another party");
        clock.advance(Duration::from_secs(6));
        assert_eq!(pace.take("a", clock.now()), Turn::Go { held_back: 2 });
        assert_eq!(pace.take("a", clock.now()), Turn::Wait(Duration::from_secs(10)));
    }
}
