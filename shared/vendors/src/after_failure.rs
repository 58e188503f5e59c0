//! What follows from a failed call: a result is waited for as long as the vendor is away, or for so long, but what is not
//! known is never taken for harmless.

use std::time::Duration;

use waybill_domain::{Entropy, Timestamp};

use crate::VendorError;
use crate::schedule::next_look;

/// A call about something that is waited for has failed.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// How.
    pub error: &'a VendorError,
    /// Looks so far, for the wait until the next one.
    pub looks: u32,
    /// Since when every call about it has failed.
    pub failing_since: Option<Timestamp>,
    /// The time.
    pub now: Timestamp,
    /// How long that may last; `None`: for ever.
    pub error_after: Option<Duration>,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFailure {
    /// Try again.
    Again {
        /// So long from now.
        after: Duration,
        /// To be kept until a call succeeds.
        failing_since: Option<Timestamp>,
    },
    /// The vendor has been away for too long: it ends as an error.
    GiveUp {
        /// Since when.
        failing_since: Timestamp,
    },
}

/// Decides. A turn that was not to be had says nothing about the vendor: it neither begins nor ends a failure.
pub fn after_failure(failure: &Failure<'_>, steps: &[Duration], entropy: &dyn Entropy) -> AfterFailure {
    let Failure { error, looks, failing_since, now, error_after } = *failure;
    let failing_since = if error.is_outage() { failing_since.or(Some(now)) } else { failing_since };
    if let (Some(failing_since), Some(limit)) = (failing_since, error_after)
        && (now - failing_since).to_std().is_ok_and(|lasted| lasted >= limit)
    {
        return AfterFailure::GiveUp { failing_since };
    }
    let own = next_look(looks, steps, entropy);
    // Those that were told the same time must not all come at it.
    let asked = error.retry_after().map(|asked| asked + own.min(asked / 4));
    AfterFailure::Again { after: asked.unwrap_or_default().max(own), failing_since }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use waybill_domain::Clock as _;
    use waybill_testkit::{MockClock, SeededEntropy};

    use super::*;
    use crate::STEPS;

    fn decide(error: &VendorError, failing_for: Option<i64>, error_after: Option<u64>) -> AfterFailure {
        let now = MockClock::default().now();
        let failure = Failure {
            error,
            looks: 1,
            failing_since: failing_for.map(|seconds| now - TimeDelta::seconds(seconds)),
            now,
            error_after: error_after.map(Duration::from_secs),
        };
        after_failure(&failure, &STEPS, &*SeededEntropy::new(1).shared())
    }

    #[test]
    fn without_a_limit_it_is_held_for_ever() {
        let AfterFailure::Again { after, failing_since } =
            decide(&VendorError::Timeout, Some(1_000_000), None)
        else {
            panic!("given up")
        };
        assert!(after >= Duration::from_millis(1600) && after <= Duration::from_millis(2400), "{after:?}");
        assert_eq!(failing_since, Some(MockClock::default().now() - TimeDelta::seconds(1_000_000)));
    }

    #[test]
    fn with_a_limit_it_is_given_up_once_that_is_over() {
        for error in
            [VendorError::Timeout, VendorError::Failing { status: 503 }, VendorError::Unusable("not JSON")]
        {
            assert!(matches!(
                decide(&error, None, Some(60)),
                AfterFailure::Again { failing_since: Some(_), .. }
            ));
            assert!(matches!(decide(&error, Some(59), Some(60)), AfterFailure::Again { .. }));
            assert!(matches!(decide(&error, Some(60), Some(60)), AfterFailure::GiveUp { .. }));
        }
    }

    #[test]
    fn a_wait_that_was_asked_for_is_kept() {
        let asked = Duration::from_secs(90);
        for error in [
            VendorError::Throttled { retry_after: asked },
            VendorError::Suspended { retry_after: asked },
            VendorError::NoTurn { retry_after: asked },
        ] {
            let AfterFailure::Again { after, .. } = decide(&error, None, None) else { panic!("given up") };
            assert!(after >= asked && after < asked + asked / 2, "{after:?}");
        }
    }

    #[test]
    fn a_turn_that_was_not_to_be_had_begins_no_failure() {
        let error = VendorError::NoTurn { retry_after: Duration::from_secs(1) };
        assert!(matches!(decide(&error, None, Some(60)), AfterFailure::Again { failing_since: None, .. }));
    }
}
