//! A circuit breaker: after some failures in a row a destination is left alone for a while, then tried once.
//!
//! A plain state machine; the caller brings time and randomness.

use std::time::Duration;

use waybill_domain::Timestamp;

use crate::options::EgressOptions;

/// What a destination's breaker does with the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Lets it pass.
    Closed,
    /// Refuses it, for this long. Zero: lets one pass to see.
    Open {
        /// What is left of the pause.
        retry_after: Duration,
    },
    /// Refuses it until the one call that is under way has ended.
    HalfOpen,
}

/// How a call ended, as far as the breaker cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The destination does its work.
    Works,
    /// It does not.
    Fails,
    /// It asked to be left alone for so long.
    Pauses(Duration),
    /// The call says nothing about it.
    Unknown,
}

/// Leave to make one call. Calls that began before the last change of state have no say any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    era: u64,
}

/// A change worth a line in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Opened { pause: Duration },
    Closed,
}

#[derive(Debug, Default)]
pub(crate) struct Breaker {
    state: State,
    era: u64,
    /// Failed probes since it was last closed.
    failed_probes: u32,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Closed { failures: u32 },
    Open { since: Timestamp, pause: Duration },
    HalfOpen,
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Breaker {
    pub(crate) fn state(&self, now: Timestamp) -> BreakerState {
        match self.state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { since, pause } => BreakerState::Open { retry_after: left(since, pause, now) },
            State::HalfOpen => BreakerState::HalfOpen,
        }
    }

    /// True when forgetting this breaker would change nothing.
    pub(crate) fn is_fresh(&self) -> bool {
        matches!(self.state, State::Closed { failures: 0 })
    }

    /// Leave for one call, or how long to wait.
    pub(crate) fn admit(&mut self, now: Timestamp, options: &EgressOptions) -> Result<Ticket, Duration> {
        match self.state(now) {
            BreakerState::Closed => {}
            BreakerState::Open { retry_after } if retry_after > Duration::ZERO => return Err(retry_after),
            BreakerState::Open { .. } => self.enter(State::HalfOpen),
            BreakerState::HalfOpen => return Err(options.open_for),
        }
        Ok(Ticket { era: self.era })
    }

    /// Learns how an admitted call ended. `jitter` is a random share (0 to 255) of a quarter of the pause, so
    /// that many nodes do not try again at the same moment.
    pub(crate) fn record(
        &mut self,
        ticket: Ticket,
        verdict: Verdict,
        now: Timestamp,
        jitter: u8,
        options: &EgressOptions,
    ) -> Option<Change> {
        if ticket.era != self.era {
            return None;
        }
        let probing = matches!(self.state, State::HalfOpen);
        match verdict {
            Verdict::Works => {
                self.failed_probes = 0;
                if probing {
                    self.enter(State::default());
                    return Some(Change::Closed);
                }
                self.state = State::default();
                None
            }
            Verdict::Pauses(asked) => {
                // The first pause is the operator's wish, even where it is longer than the longest.
                Some(self.open(asked.min(options.retry_after_at_most).max(options.open_for), now))
            }
            Verdict::Fails if probing => {
                self.failed_probes += 1;
                Some(self.open(own_pause(self.failed_probes, jitter, options), now))
            }
            Verdict::Fails => self.count_failure(now, jitter, options),
            Verdict::Unknown => {
                if probing {
                    self.enter(State::Open { since: now, pause: Duration::ZERO }); // the next call probes
                }
                None
            }
        }
    }

    fn count_failure(&mut self, now: Timestamp, jitter: u8, options: &EgressOptions) -> Option<Change> {
        let State::Closed { failures } = &mut self.state else { return None };
        *failures += 1;
        let enough = *failures >= options.failures_to_open;
        enough.then(|| self.open(own_pause(0, jitter, options), now))
    }

    fn open(&mut self, pause: Duration, now: Timestamp) -> Change {
        self.enter(State::Open { since: now, pause });
        Change::Opened { pause }
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.era += 1;
    }
}

/// What is left of a pause. A clock that was set back does not lengthen it.
fn left(since: Timestamp, pause: Duration, now: Timestamp) -> Duration {
    match (now - since).to_std() {
        Ok(elapsed) => pause.saturating_sub(elapsed),
        Err(_) => Duration::ZERO,
    }
}

fn own_pause(failed_probes: u32, jitter: u8, options: &EgressOptions) -> Duration {
    let doubled = options.open_for.saturating_mul(2u32.saturating_pow(failed_probes));
    let pause = doubled.min(options.open_at_most.max(options.open_for));
    let spread = pause + pause * u32::from(jitter) / (4 * 255);
    Duration::from_millis(spread.as_millis() as u64) // the clock's step
}

#[cfg(test)]
mod tests {
    use waybill_domain::Clock;
    use waybill_testkit::MockClock;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    struct Bench {
        breaker: Breaker,
        clock: MockClock,
        options: EgressOptions,
    }

    impl Bench {
        fn new() -> Self {
            let options =
                EgressOptions { failures_to_open: 3, open_at_most: 4 * SECOND, ..EgressOptions::default() };
            Self { breaker: Breaker::default(), clock: MockClock::default(), options }
        }

        fn admit(&mut self) -> Result<Ticket, Duration> {
            self.breaker.admit(self.clock.now(), &self.options)
        }

        fn record(&mut self, ticket: Ticket, verdict: Verdict) -> Option<Change> {
            self.breaker.record(ticket, verdict, self.clock.now(), 0, &self.options)
        }

        fn call(&mut self, verdict: Verdict) -> Option<Change> {
            let ticket = self.admit().expect("admitted");
            self.record(ticket, verdict)
        }

        fn opened() -> Self {
            let mut bench = Self::new();
            bench.call(Verdict::Fails);
            bench.call(Verdict::Fails);
            assert_eq!(bench.call(Verdict::Fails), Some(Change::Opened { pause: SECOND }));
            bench
        }
    }

    #[test]
    fn opens_after_failures_in_a_row_only() {
        let mut bench = Bench::new();
        for verdict in [Verdict::Fails, Verdict::Fails, Verdict::Works, Verdict::Fails, Verdict::Unknown] {
            assert_eq!(bench.call(verdict), None);
        }
        assert_eq!(bench.call(Verdict::Fails), None);
        assert_eq!(bench.call(Verdict::Fails), Some(Change::Opened { pause: SECOND }));
        bench.clock.advance(SECOND / 4);
        assert_eq!(bench.admit(), Err(SECOND * 3 / 4));
    }

    #[test]
    fn one_probe_decides() {
        let mut bench = Bench::opened();
        bench.clock.advance(SECOND);
        let probe = bench.admit().unwrap();
        assert_eq!(bench.breaker.state(bench.clock.now()), BreakerState::HalfOpen);
        assert!(bench.admit().is_err(), "only one");
        assert_eq!(bench.record(probe, Verdict::Works), Some(Change::Closed));
        assert!(bench.admit().is_ok() && bench.admit().is_ok());
    }

    #[test]
    fn failed_probes_double_the_pause_up_to_the_limit() {
        let mut bench = Bench::opened();
        let mut pause = SECOND;
        for expected in [2, 4, 4] {
            bench.clock.advance(pause);
            pause = expected * SECOND;
            assert_eq!(bench.call(Verdict::Fails), Some(Change::Opened { pause }));
        }
        bench.clock.advance(pause);
        bench.call(Verdict::Works);
        bench.call(Verdict::Fails);
        bench.call(Verdict::Fails);
        assert_eq!(bench.call(Verdict::Fails), Some(Change::Opened { pause: SECOND }), "and begin anew");
    }

    #[test]
    fn a_probe_without_a_verdict_gives_way_to_the_next() {
        let mut bench = Bench::opened();
        bench.clock.advance(SECOND);
        assert_eq!(bench.call(Verdict::Unknown), None);
        assert_eq!(bench.call(Verdict::Works), Some(Change::Closed));
    }

    #[test]
    fn a_destination_may_ask_for_a_pause_within_bounds() {
        let most = Bench::new().options.retry_after_at_most;
        for (asked, pause) in [(30 * SECOND, 30 * SECOND), (Duration::ZERO, SECOND), (100 * most, most)] {
            let mut bench = Bench::new();
            assert_eq!(bench.call(Verdict::Pauses(asked)), Some(Change::Opened { pause }));
            assert_eq!(bench.admit(), Err(pause));
        }
    }

    #[test]
    fn a_first_pause_longer_than_the_longest_is_kept() {
        let mut bench = Bench::new();
        bench.options.open_for = 2 * bench.options.retry_after_at_most;
        let pause = bench.options.open_for;
        assert_eq!(bench.call(Verdict::Pauses(SECOND)), Some(Change::Opened { pause }));
        bench.clock.advance(pause);
        assert_eq!(bench.call(Verdict::Fails), Some(Change::Opened { pause }));
    }

    #[test]
    fn late_news_changes_nothing() {
        let mut bench = Bench::new();
        let early = bench.admit().unwrap();
        bench.call(Verdict::Pauses(SECOND));
        assert_eq!(bench.record(early, Verdict::Works), None);
        assert!(bench.admit().is_err(), "still open");
        bench.clock.advance(SECOND);
        bench.call(Verdict::Works);
        assert_eq!(bench.record(early, Verdict::Pauses(SECOND)), None);
        assert!(bench.admit().is_ok(), "still closed");
    }

    #[test]
    fn a_clock_set_back_does_not_lengthen_the_pause() {
        let mut bench = Bench::opened();
        let now = bench.clock.now();
        bench.clock.set(now - Duration::from_secs(3600));
        assert!(bench.admit().is_ok());
    }

    #[test]
    fn jitter_adds_at_most_a_quarter() {
        let options = EgressOptions::default();
        assert_eq!(own_pause(0, 0, &options), SECOND);
        assert_eq!(own_pause(0, 255, &options), SECOND * 5 / 4);
        assert_eq!(own_pause(u32::MAX, 0, &options), options.open_at_most);
    }
}
