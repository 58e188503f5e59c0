//! When a callback counts as delivered, when it is tried again, and when it is given up. No IO.

use std::time::Duration;

use waybill_egress::EgressError;
use waybill_runtime::settings::CallbackSettings;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The backend answered.
    Answered { status: u16, retry_after: Option<Duration> },
    /// It did not, or not completely.
    Failed(EgressError),
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It has arrived.
    Delivered,
    /// Once more, after a wait. `let_pass`: later callbacks of the verification need not wait for this one.
    Again { after: Duration, let_pass: bool },
    /// Never again.
    GiveUp,
}

/// The settings that decide.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    first: Duration,
    max: Duration,
    give_up_after: Duration,
}

impl Ended {
    /// Only 200 counts.
    pub(crate) fn is_delivered(&self) -> bool {
        matches!(self, Self::Answered { status: 200, .. })
    }

    /// The backend does not want this callback, whatever we do: a 4xx that says nothing about the moment.
    fn is_permanent(&self) -> bool {
        matches!(self, Self::Answered { status: 400..=499, .. })
            && !matches!(self, Self::Answered { status: 408 | 425 | 429, .. })
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Answered { retry_after, .. } => *retry_after,
            Self::Failed(_) => None,
        }
    }
}

impl Rules {
    pub(crate) fn of(settings: &CallbackSettings) -> Self {
        let CallbackSettings { retry_first, retry_max, give_up_after, .. } = settings;
        Self { first: *retry_first, max: *retry_max, give_up_after: *give_up_after }
    }

    /// What follows the `attempt`-th attempt, 1 for the first, at a callback of this age.
    /// `jitter` is random, 0 to 1000.
    pub(crate) fn after_attempt(&self, ended: &Ended, attempt: u32, age: Duration, jitter: u64) -> Step {
        if ended.is_delivered() {
            return Step::Delivered;
        }
        let asked = ended.retry_after().unwrap_or_default().min(self.max);
        let after = self.back_off(attempt, jitter).max(asked);
        again(after, age, self.give_up_after, ended.is_permanent())
    }

    /// What follows when no attempt could be made, and one may be possible after `wait`. The last attempt is waited
    /// for, as long again as attempts are made.
    pub(crate) fn without_attempt(&self, wait: Duration, age: Duration, jitter: u64) -> Step {
        again(wait + self.back_off(1, jitter), age, self.give_up_after.saturating_mul(2), false)
    }

    /// Doubles with each attempt up to the longest wait; the random half keeps callbacks that failed together apart.
    fn back_off(&self, attempt: u32, jitter: u64) -> Duration {
        let doubled = self.first.saturating_mul(2u32.saturating_pow(attempt.saturating_sub(1)));
        let half = doubled.min(self.max) / 2;
        half + half * u32::try_from(jitter.min(1000)).unwrap_or(1000) / 1000
    }
}

/// Never later than the age at which it is given up, so that the last try is made there.
fn again(after: Duration, age: Duration, give_up_at: Duration, let_pass: bool) -> Step {
    match give_up_at.saturating_sub(age) {
        Duration::ZERO => Step::GiveUp,
        left => Step::Again { after: after.min(left), let_pass },
    }
}

#[cfg(test)]
mod tests {
    use waybill_egress::{ConnectFault, ProtocolFault, Refusal};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const HOUR: Duration = Duration::from_secs(3600);
    const RULES: Rules = Rules { first: SECOND, max: HOUR, give_up_after: Duration::from_secs(24 * 3600) };

    fn answered(status: u16) -> Ended {
        Ended::Answered { status, retry_after: None }
    }

    #[test]
    fn only_200_counts_and_only_lasting_refusals_let_others_pass() {
        let (waits, passes) =
            (Step::Again { after: SECOND, let_pass: false }, Step::Again { after: SECOND, let_pass: true });
        for (status, step) in [
            (200, Step::Delivered),
            (201, waits),
            (202, waits),
            (204, waits),
            (301, waits),
            (302, waits),
            (307, waits),
            (400, passes),
            (401, passes),
            (404, passes),
            (408, waits),
            (409, passes),
            (410, passes),
            (422, passes),
            (425, waits),
            (429, waits),
            (499, passes),
            (500, waits),
            (501, waits),
            (503, waits),
        ] {
            assert_eq!(RULES.after_attempt(&answered(status), 1, Duration::ZERO, 1000), step, "{status}");
        }
    }

    #[test]
    fn whatever_went_wrong_is_tried_again() {
        for error in [
            EgressError::Timeout,
            EgressError::Connect(ConnectFault::Refused),
            EgressError::Protocol(ProtocolFault::Lost),
            EgressError::AnswerTooLarge { limit: 1 },
            EgressError::Refused(Refusal::PlainHttp),
        ] {
            let step = RULES.after_attempt(&Ended::Failed(error), 1, Duration::ZERO, 1000);
            assert_eq!(step, Step::Again { after: SECOND, let_pass: false });
        }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_are_never_below_half() {
        for (attempt, seconds) in
            [(1, 1), (2, 2), (3, 4), (12, 2048), (13, 3600), (40, 3600), (u32::MAX, 3600)]
        {
            let full = Duration::from_secs(seconds);
            for (jitter, expected) in [(0, full / 2), (500, full * 3 / 4), (1000, full), (5000, full)] {
                let step = RULES.after_attempt(&answered(503), attempt, Duration::ZERO, jitter);
                assert_eq!(step, Step::Again { after: expected, let_pass: false }, "{attempt} {jitter}");
            }
        }
    }

    #[test]
    fn the_backend_may_ask_for_a_longer_wait_within_the_limit() {
        for (asked, after) in [(0, SECOND), (30, 30 * SECOND), (999_999, HOUR)] {
            let ended = Ended::Answered { status: 429, retry_after: Some(Duration::from_secs(asked)) };
            let step = RULES.after_attempt(&ended, 1, Duration::ZERO, 1000);
            assert_eq!(step, Step::Again { after, let_pass: false }, "{asked}");
        }
    }

    #[test]
    fn the_last_attempt_is_made_when_it_is_given_up() {
        let ended = answered(500);
        let nearly = Step::Again { after: 10 * SECOND, let_pass: false };
        assert_eq!(RULES.after_attempt(&ended, 20, 24 * HOUR - 10 * SECOND, 1000), nearly);
        assert_eq!(RULES.after_attempt(&ended, 21, 24 * HOUR, 1000), Step::GiveUp);
        assert_eq!(RULES.after_attempt(&ended, 21, 30 * HOUR, 1000), Step::GiveUp);
        assert_eq!(RULES.after_attempt(&answered(200), 21, 30 * HOUR, 1000), Step::Delivered);
    }

    #[test]
    fn what_cannot_be_tried_waits_for_its_last_attempt_but_not_for_ever() {
        for age in [Duration::ZERO, 24 * HOUR - SECOND, 24 * HOUR, 47 * HOUR] {
            let step = RULES.without_attempt(10 * SECOND, age, 1000);
            assert_eq!(step, Step::Again { after: 11 * SECOND, let_pass: false }, "{age:?}");
        }
        let last = Step::Again { after: SECOND, let_pass: false };
        assert_eq!(RULES.without_attempt(10 * SECOND, 48 * HOUR - SECOND, 1000), last);
        assert_eq!(RULES.without_attempt(10 * SECOND, 48 * HOUR, 1000), Step::GiveUp);
    }
}
