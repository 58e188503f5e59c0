//! How often each of several parties may do something, in this process's share of it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use waybill_domain::{Share, Timestamp};

/// How long to wait where there is no share at all: another process may have one, or this one soon.
const WITHOUT_SHARE: Duration = Duration::from_secs(1);

/// A rate for each key. The keys must be few: members, codes, never what strangers choose.
#[derive(Debug)]
pub struct Pace<K> {
    /// One in it, where the share is the whole.
    interval: TimeDelta,
    burst: u32,
    share: Share,
    parties: Mutex<HashMap<K, Party>>,
}

#[derive(Debug, Default)]
struct Party {
    /// When everything allowed so far is used up at the steady rate.
    paid_until: Timestamp,
    held_back: u64,
}

/// Whether it may be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Yes. Since the last time, so many were held back.
    Go {
        /// Turns that there were not.
        held_back: u64,
    },
    /// Not before this wait is over.
    Wait(Duration),
}

impl<K: Hash + Eq> Pace<K> {
    /// So many in a minute, all of which may come at once. At least one.
    pub fn per_minute(times: u32) -> Self {
        Self::new(times, times, TimeDelta::minutes(1))
    }

    /// So many in a second on average, and `burst` at once. Each at least one.
    pub fn per_second(times: u32, burst: u32) -> Self {
        Self::new(times, burst, TimeDelta::seconds(1))
    }

    fn new(times: u32, burst: u32, span: TimeDelta) -> Self {
        let interval = span / i32::try_from(times.max(1)).unwrap_or(i32::MAX);
        Self { interval, burst: burst.max(1), share: Share::default(), parties: Mutex::default() }
    }

    /// The same for all processes with such a share together: each lets through its part, of the rate and of what may
    /// come at once. What a party has used up stays used up when the share changes.
    #[must_use]
    pub fn shared_by(self, share: &Share) -> Self {
        Self { share: share.clone(), ..self }
    }

    /// Takes a turn of `key`, if there is one. `now` may be set back: nobody then waits longer than until all turns are
    /// there again.
    pub fn take(&self, key: K, now: Timestamp) -> Turn {
        let place = self.share.place();
        let times = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        let interval = self.interval * times(place.of);
        let at_once = interval * times(place.part_of(self.burst));
        let mut parties = self.parties.lock().unwrap_or_else(PoisonError::into_inner);
        let party = parties.entry(key).or_default();
        if at_once.is_zero() {
            party.held_back += 1;
            return Turn::Wait(WITHOUT_SHARE);
        }
        party.paid_until = party.paid_until.clamp(now, now + at_once);
        let paid_until = party.paid_until + interval;
        if let Ok(wait) = (paid_until - now - at_once).to_std()
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
    use waybill_domain::{Clock as _, Place};
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

    /// Turns that are there now.
    fn turns(pace: &Pace<&'static str>, clock: &MockClock) -> usize {
        (0..1000).take_while(|_| matches!(pace.take("a", clock.now()), Turn::Go { .. })).count()
    }

    #[test]
    fn processes_let_through_the_rate_together_and_no_more() {
        for of in 1..9 {
            let clock = MockClock::default();
            let paces: Vec<_> = (0..of)
                .map(|number| {
                    let share = Share::default();
                    share.set(Place { number, of });
                    Pace::per_second(4, 7).shared_by(&share)
                })
                .collect();
            let all = |clock: &MockClock| paces.iter().map(|pace| turns(pace, clock)).sum::<usize>();
            assert_eq!(all(&clock), 7, "at once, of {of}");
            let mut later = 0;
            for _ in 0..100 {
                clock.advance(Duration::from_millis(100));
                later += all(&clock);
            }
            assert!(later <= 40, "{later} in ten seconds, of {of}");
            assert!(later >= 32 || of > 7, "{later} in ten seconds, of {of}");
        }
    }

    #[test]
    fn a_share_that_changes_keeps_what_was_used_up() {
        let (clock, share) = (MockClock::default(), Share::default());
        let pace = Pace::per_minute(60).shared_by(&share);
        assert_eq!(turns(&pace, &clock), 60);
        share.set(Place { number: 1, of: 2 });
        assert_eq!(turns(&pace, &clock), 0);
        clock.advance(Duration::from_secs(10));
        assert_eq!(turns(&pace, &clock), 5, "half the rate");
        share.set(Place::NONE);
        clock.advance(Duration::from_secs(60));
        assert_eq!(pace.take("a", clock.now()), Turn::Wait(WITHOUT_SHARE));
        share.set(Place::WHOLE);
        assert_eq!(turns(&pace, &clock), 60);
    }

    #[test]
    fn a_clock_set_back_makes_nobody_wait_longer_than_a_burst() {
        let (clock, pace) = (MockClock::default(), Pace::per_minute(6));
        assert_eq!(turns(&pace, &clock), 6);
        clock.set(clock.now() - Duration::from_secs(3600));
        assert_eq!(pace.take("a", clock.now()), Turn::Wait(Duration::from_secs(10)));
    }
}
