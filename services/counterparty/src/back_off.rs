//! How long to wait before somebody is asked or told again.

use std::time::Duration;

use waybill_bus::Claim;
use waybill_context::Context;
use waybill_domain::{Entropy, Timestamp};

use crate::peers::PeerError;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(600);
/// For what our own backend is asked, and its answer: somebody waits for it until a deadline.
const LONGEST_BEFORE_A_DEADLINE: Duration = Duration::from_secs(60);
/// The longest that a peer may ask us to wait.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);
/// A message that was held back here waits for a place, not for a repair: it is tried again soon, however old it is.
const FIRST_PARKED: Duration = Duration::from_millis(100);
const LONGEST_PARKED: Duration = Duration::from_secs(5);

/// The time from `then` to `now`, zero when `then` lies ahead.
pub(crate) fn since(then: Timestamp, now: Timestamp) -> Duration {
    (now - then).to_std().unwrap_or(Duration::ZERO)
}

/// The wait after a failure of a message that was begun `age` ago: as long again as it took so far, so that it
/// doubles each time; never shorter than the peer asked for; with up to a quarter of jitter.
///
/// It depends on the age and not on the number of attempts, so that being held back here does not count as failing.
pub(crate) fn after_failure(error: &PeerError, age: Duration, entropy: &dyn Entropy) -> Duration {
    let asked = error.retry_after().map(|asked| asked.min(LONGEST_ASKED));
    if let (true, Some(place)) = (error.is_busy(), asked) {
        // Each has a time of its own: whoever came earlier does not come again together with all others.
        return with_jitter(place.max(FIRST_PARKED), entropy);
    }
    let (first, longest) = if error.is_parked() { (FIRST_PARKED, LONGEST_PARKED) } else { (FIRST, LONGEST) };
    let own = age.clamp(first, longest);
    with_jitter(own.max(asked.unwrap_or_default()), entropy)
}

/// The wait of a command for what must be done before a deadline: as long again as the command is old; never beyond the
/// deadline.
pub(crate) fn before(deadline: Timestamp, ctx: &Context, claim: &Claim) -> Duration {
    let now = ctx.clock.now();
    let wait = since(claim.created_at(), now).clamp(FIRST, LONGEST_BEFORE_A_DEADLINE);
    with_jitter(wait, &*ctx.entropy).min(since(now, deadline))
}

/// The wait and up to a quarter more, so that many messages do not come at the same moment.
pub(crate) fn with_jitter(wait: Duration, entropy: &dyn Entropy) -> Duration {
    let quarter = u64::try_from(wait.as_millis() / 4).unwrap_or(u64::MAX);
    wait + Duration::from_millis(entropy.below(quarter.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use waybill_testkit::SeededEntropy;

    use super::*;
    use crate::peers::Unavailability;

    fn seconds(wait: Duration) -> f64 {
        wait.as_secs_f64()
    }

    fn wait(error: &PeerError, age: u64) -> f64 {
        seconds(after_failure(error, Duration::from_secs(age), &SeededEntropy::new(age)))
    }

    #[test]
    fn waits_double_from_a_second_to_ten_minutes() {
        let down = PeerError::unavailable(Unavailability::Connection);
        for (age, least) in [(0, 1.0), (1, 1.0), (2, 2.0), (60, 60.0), (600, 600.0), (90_000, 600.0)] {
            let wait = wait(&down, age);
            assert!((least..=least * 1.25).contains(&wait), "{age}: {wait}");
        }
    }

    #[test]
    fn what_the_peer_asks_for_is_obeyed_within_reason() {
        for (asked, age, least) in [(30, 0, 30.0), (1, 60, 60.0), (1_000_000, 0, 3600.0)] {
            let retry_after = Some(Duration::from_secs(asked));
            let error = PeerError::Unavailable { why: Unavailability::Status(429), retry_after };
            let wait = wait(&error, age);
            assert!((least..=least * 1.25).contains(&wait), "{asked}: {wait}");
        }
    }

    #[test]
    fn what_was_held_back_here_comes_again_soon() {
        let busy = PeerError::unavailable(Unavailability::Busy);
        assert!(wait(&busy, 0) <= 0.125, "a place is free within milliseconds");
        assert!(wait(&busy, 90_000) <= 6.25);
        let retry_after = Some(Duration::from_secs(2));
        let queued = PeerError::Unavailable { why: Unavailability::Busy, retry_after };
        assert!((2.0..=2.5).contains(&wait(&queued, 90_000)), "when its turn comes, however old it is");
    }
}
