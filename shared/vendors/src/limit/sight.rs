//! What a process knows of the database's clock, in terms of its own.

use std::time::Duration;

use tokio::time::Instant;
use waybill_domain::Timestamp;

/// Two clocks drift apart by no more than this part of the time: one of so many, 100 ppm.
const DRIFT: i64 = 10_000;
/// The database tells its time in whole milliseconds.
const STEP: i64 = 999;

/// How far the database's clock is ahead of this process's own: between two bounds. Each answer of the database, which was
/// written between the question and its arrival, narrows them.
#[derive(Debug)]
pub(super) struct Sight {
    /// The time 0 of this process's own clock, in microseconds.
    zero: Instant,
    known: Option<Bounds>,
}

#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: i64,
    high: i64,
    at: i64,
}

impl Sight {
    pub(super) fn new() -> Self {
        Self { zero: Instant::now(), known: None }
    }

    /// Learns that it was `there` at the database at some time between `asked` and `answered`.
    pub(super) fn learn(&mut self, asked: Instant, answered: Instant, there: Timestamp) {
        let (asked, answered, there) = (self.own(asked), self.own(answered), there.timestamp_micros());
        let seen = Bounds { low: there - answered, high: there + STEP - asked, at: answered };
        let both = self.known_at(answered).map(|known| Bounds {
            low: known.low.max(seen.low),
            high: known.high.min(seen.high),
            at: answered,
        });
        // When they contradict each other, one of the clocks was set.
        self.known = Some(both.filter(|both| both.low <= both.high).unwrap_or(seen));
    }

    /// How far apart the bounds are at a time; `None` when nothing is known.
    pub(super) fn width(&self, now: Instant) -> Option<Duration> {
        self.known_at(self.own(now)).map(|known| micros(known.high - known.low))
    }

    /// From when on it is certain that a time there has come.
    pub(super) fn certainly_at(&self, there: i64) -> Instant {
        let low = self.known.map_or(there, |known| known.low);
        self.zero + micros(there - low)
    }

    /// Whether a slot may still be used: its time there has come for `usable_for` microseconds at the most. Where the bounds
    /// are so far apart that this could not be known of any slot, half of it must be certain.
    pub(super) fn is_usable(&self, slot: i64, usable_for: i64, now: Instant) -> bool {
        let now = self.own(now);
        let Some(known) = self.known_at(now) else { return false };
        now + known.high <= slot + usable_for || now + known.low <= slot + usable_for / 2
    }

    /// What it is there by the earliest reading.
    pub(super) fn now(&self, now: Instant) -> Option<i64> {
        let now = self.own(now);
        self.known_at(now).map(|known| now + known.low)
    }

    fn known_at(&self, now: i64) -> Option<Bounds> {
        self.known.map(|known| {
            let drift = (now - known.at).max(0) / DRIFT;
            Bounds { low: known.low - drift, high: known.high + drift, at: known.at }
        })
    }

    fn own(&self, at: Instant) -> i64 {
        i64::try_from(at.saturating_duration_since(self.zero).as_micros()).unwrap_or(i64::MAX / 4)
    }
}

/// None when it is negative.
fn micros(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    const USABLE: i64 = 30_000;

    fn at(sight: &Sight, own: i64) -> Instant {
        sight.zero + micros(own)
    }

    /// What the database says when its clock is `ahead` of ours, cut to milliseconds as it does.
    fn said(own: i64, ahead: i64) -> Timestamp {
        DateTime::from_timestamp_millis((own + ahead).div_euclid(1000)).unwrap()
    }

    proptest! {
        /// However long questions and answers are under way: no slot is used before its time, nor after its tolerance.
        #[test]
        fn a_slot_is_used_at_its_time(
            ahead in -1_000_000_000_i64..2_000_000_000_000,
            answers in prop::collection::vec((0_i64..2_000_000, 0_i64..20_000, 0_i64..20_000), 1..20),
            until in 0_i64..200_000,
        ) {
            let mut sight = Sight::new();
            let mut own = 0;
            for (pause, there, back) in answers {
                own += pause;
                sight.learn(at(&sight, own), at(&sight, own + there + back), said(own + there, ahead));
                own += there + back;
            }
            let slot = own + ahead + until;
            let certainly = sight.own(sight.certainly_at(slot));
            prop_assert!(certainly + ahead >= slot - 100, "{} too early", slot - certainly - ahead);
            for late in (0..60_000).step_by(500) {
                let used = own + until + late;
                let width = sight.width(at(&sight, used)).unwrap().as_micros() as i64;
                if sight.is_usable(slot, USABLE, at(&sight, used)) {
                    prop_assert!(used + ahead <= slot + USABLE / 2 + width.max(USABLE / 2), "{late} late");
                } else {
                    prop_assert!(late + width > USABLE, "{late} is not late");
                }
            }
        }
    }

    #[test]
    fn a_clock_that_was_set_is_learnt_anew() {
        let mut sight = Sight::new();
        for (own, ahead) in [(1_000_000, 5_000_000), (2_000_000, 5_000_000), (3_000_000, -40_000_000)] {
            sight.learn(at(&sight, own), at(&sight, own + 2000), said(own + 1000, ahead));
            let there = sight.now(at(&sight, own + 2000)).unwrap();
            assert!((own + 2000 + ahead - there).abs() <= 3000, "{own}: {there}");
        }
    }

    #[test]
    fn what_is_known_becomes_less_certain() {
        let mut sight = Sight::new();
        assert_eq!(sight.width(at(&sight, 0)), None);
        sight.learn(at(&sight, 0), at(&sight, 1000), said(500, 77));
        let minute = sight.width(at(&sight, 60_000_000)).unwrap();
        assert!(minute > Duration::from_millis(12) && minute < Duration::from_millis(15), "{minute:?}");
    }
}
