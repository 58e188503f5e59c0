//! A circuit breaker: after some failures in a row a destination is left alone for a while, then tried once.
//!
//! A plain state machine; the caller brings time and randomness.

use std::time::Duration;

use waybill_domain::Timestamp;

use crate::board::BreakerChange as Change;
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
    /// There was no call: another process sees whether it works, and is to be waited for so long.
    Elsewhere(Duration),
}

/// Leave to make one call. Calls that began before the last change of state have no say any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    era: u64,
    /// Whether the call is to show that the destination works again.
    pub(crate) probes: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Breaker {
    state: State,
    era: u64,
    /// Failed probes since it was last closed.
    failed_probes: u32,
    /// Whether other processes are known to leave the destination alone too.
    is_open_elsewhere: bool,
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
        Ok(Ticket { era: self.era, probes: matches!(self.state, State::HalfOpen) })
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
            Verdict::Pauses(asked) => Some(self.open(asked.max(options.open_for).min(longest(options)), now)),
            Verdict::Fails if probing => {
                self.failed_probes += 1;
                Some(self.open(own_pause(self.failed_probes, jitter, options), now))
            }
            Verdict::Fails => self.count_failure(now, jitter, options),
            Verdict::Unknown => {
                if !probing {
                    return None;
                }
                self.enter(State::Open { since: now, pause: Duration::ZERO }); // the next call probes
                Some(Change::Released)
            }
            Verdict::Elsewhere(wait) => {
                if probing {
                    self.is_open_elsewhere = true;
                    self.enter(State::Open { since: now, pause: wait.min(longest(options)) });
                }
                None
            }
        }
    }

    /// Learns that another process leaves the destination alone, for `left` from now. True when this is news. A probe
    /// that is under way here decides by itself.
    pub(crate) fn hear_open(
        &mut self,
        left: Duration,
        failed_probes: u32,
        now: Timestamp,
        options: &EgressOptions,
    ) -> bool {
        let is_news = match self.state {
            State::HalfOpen => return false,
            State::Closed { .. } => true,
            State::Open { .. } => false,
        };
        let left = left.min(longest(options));
        self.failed_probes = failed_probes;
        self.is_open_elsewhere = true;
        self.enter(State::Open { since: now, pause: left });
        is_news
    }

    /// Learns that no other process leaves the destination alone. True when this ends a pause that they had agreed on.
    pub(crate) fn hear_closed(&mut self) -> bool {
        let ends = self.is_open_elsewhere && matches!(self.state, State::Open { .. });
        if ends {
            self.failed_probes = 0;
            self.enter(State::default());
        }
        ends
    }

    fn count_failure(&mut self, now: Timestamp, jitter: u8, options: &EgressOptions) -> Option<Change> {
        let State::Closed { failures } = &mut self.state else { return None };
        *failures += 1;
        let enough = *failures >= options.failures_to_open;
        enough.then(|| self.open(own_pause(0, jitter, options), now))
    }

    fn open(&mut self, pause: Duration, now: Timestamp) -> Change {
        self.is_open_elsewhere = false; // not before they have heard of it
        self.enter(State::Open { since: now, pause });
        Change::Opened { pause, failed_probes: self.failed_probes }
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.era += 1;
    }
}

/// The longest pause that anybody may ask for; the first one is the operator's wish, even where it is longer.
fn longest(options: &EgressOptions) -> Duration {
    options.retry_after_at_most.max(options.open_for)
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

    fn opened(pause: Duration, failed_probes: u32) -> Change {
        Change::Opened { pause, failed_probes }
    }

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
            assert_eq!(bench.call(Verdict::Fails), Some(opened(SECOND, 0)));
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
        assert_eq!(bench.call(Verdict::Fails), Some(opened(SECOND, 0)));
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
        for (expected, failed) in [(2, 1), (4, 2), (4, 3)] {
            bench.clock.advance(pause);
            pause = expected * SECOND;
            assert_eq!(bench.call(Verdict::Fails), Some(opened(pause, failed)));
        }
        bench.clock.advance(pause);
        bench.call(Verdict::Works);
        bench.call(Verdict::Fails);
        bench.call(Verdict::Fails);
        assert_eq!(bench.call(Verdict::Fails), Some(opened(SECOND, 0)), "and begin anew");
    }

    #[test]
    fn a_probe_without_a_verdict_gives_way_to_the_next() {
        let mut bench = Bench::opened();
        bench.clock.advance(SECOND);
        assert_eq!(bench.call(Verdict::Unknown), Some(Change::Released));
        assert_eq!(bench.call(Verdict::Works), Some(Change::Closed));
    }

    #[test]
    fn a_destination_may_ask_for_a_pause_within_bounds() {
        let most = Bench::new().options.retry_after_at_most;
        for (asked, pause) in [(30 * SECOND, 30 * SECOND), (Duration::ZERO, SECOND), (100 * most, most)] {
            let mut bench = Bench::new();
            assert_eq!(bench.call(Verdict::Pauses(asked)), Some(opened(pause, 0)));
            assert_eq!(bench.admit(), Err(pause));
        }
    }

    #[test]
    fn a_first_pause_longer_than_the_longest_is_kept() {
        let mut bench = Bench::new();
        bench.options.open_for = 2 * bench.options.retry_after_at_most;
        let pause = bench.options.open_for;
        assert_eq!(bench.call(Verdict::Pauses(SECOND)), Some(opened(pause, 0)));
        bench.clock.advance(pause);
        assert_eq!(bench.call(Verdict::Fails), Some(opened(pause, 1)));
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

    impl Bench {
        fn hear_open(&mut self, left: Duration, failed_probes: u32) -> bool {
            self.breaker.hear_open(left, failed_probes, self.clock.now(), &self.options)
        }
    }

    #[test]
    fn what_others_found_holds_here_until_they_take_it_back() {
        let mut bench = Bench::new();
        let early = bench.admit().unwrap();
        assert!(!bench.breaker.hear_closed(), "no news");
        assert!(bench.hear_open(SECOND, 2));
        assert_eq!(bench.record(early, Verdict::Works), None, "late news");
        assert_eq!(bench.admit(), Err(SECOND));
        assert!(!bench.hear_open(3 * SECOND, 2), "no news, but another pause");
        assert_eq!(bench.admit(), Err(3 * SECOND));
        assert!(bench.breaker.hear_closed());
        assert!(bench.admit().is_ok() && bench.admit().is_ok());

        bench.hear_open(SECOND, 1);
        bench.clock.advance(SECOND);
        assert_eq!(bench.call(Verdict::Fails), Some(opened(4 * SECOND, 2)), "it goes on where they were");
        assert!(!bench.breaker.hear_closed(), "they have not heard of it yet");
        assert_eq!(bench.admit(), Err(4 * SECOND));
    }

    #[test]
    fn a_probe_under_way_decides_by_itself_and_one_made_elsewhere_is_waited_for() {
        let mut bench = Bench::opened();
        bench.clock.advance(SECOND);
        let probe = bench.admit().unwrap();
        assert!(probe.probes && !bench.hear_open(SECOND, 0) && !bench.breaker.hear_closed());
        assert_eq!(bench.record(probe, Verdict::Elsewhere(2 * SECOND)), None);
        assert_eq!(bench.admit(), Err(2 * SECOND));
        bench.clock.advance(2 * SECOND);
        assert_eq!(bench.call(Verdict::Works), Some(Change::Closed));
        assert!(!bench.admit().unwrap().probes);
    }

    #[test]
    fn nobody_else_makes_a_pause_longer_than_a_destination_could() {
        let mut bench = Bench::new();
        bench.hear_open(1_000_000 * SECOND, 0);
        assert_eq!(bench.admit(), Err(bench.options.retry_after_at_most));
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
