//! When a transaction is run again, and after which wait.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::sql::Trouble;

/// Deadlocks and the like: others go on meanwhile, so one of the next attempts succeeds.
const CONFLICTS: u32 = 10;
/// A server that restarts is back later than any request waits; a single cut connection is replaced at once.
const LOST: u32 = 3;
/// What was read before is read again; whoever lost a lease loses it each time.
const GUARDS: u32 = 2;

const FIRST_WAIT: Duration = Duration::from_millis(2);
const LONGEST_WAIT: Duration = Duration::from_millis(250);

/// The attempts of one piece of work.
#[derive(Default)]
pub(super) struct Attempts {
    conflicts: u32,
    lost: u32,
    guards: u32,
}

impl Attempts {
    /// How long to wait before the next attempt; none when it makes no sense.
    pub(super) fn next(&mut self, trouble: Option<Trouble>) -> Option<Duration> {
        let (count, limit) = match trouble? {
            Trouble::Conflict => (&mut self.conflicts, CONFLICTS),
            Trouble::ConnectionLost => (&mut self.lost, LOST),
            Trouble::GuardLost => (&mut self.guards, GUARDS),
        };
        *count += 1;
        (*count <= limit).then(|| spread((FIRST_WAIT * 2_u32.saturating_pow(*count)).min(LONGEST_WAIT)))
    }
}

/// Between nothing and the whole wait, evenly over the calls of all processes, so that those who met do not meet again.
/// No secret hangs on it: it needs no randomness.
fn spread(wait: Duration) -> Duration {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    wait.mul_f64(share(CALLS.fetch_add(1, Ordering::Relaxed).wrapping_add(std::process::id())))
}

/// Of the whole, for the call of this number: far from those of the calls before it.
fn share(call: u32) -> f64 {
    let golden_ratio = 0x9E37_79B9;
    f64::from(call.wrapping_mul(golden_ratio)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_trouble_has_its_bound() {
        for (trouble, limit) in
            [(Trouble::Conflict, CONFLICTS), (Trouble::ConnectionLost, LOST), (Trouble::GuardLost, GUARDS)]
        {
            let mut attempts = Attempts::default();
            let waits: Vec<_> = std::iter::from_fn(|| attempts.next(Some(trouble))).take(100).collect();
            assert_eq!(waits.len(), limit as usize, "{trouble:?}");
            assert!(waits.iter().all(|wait| *wait <= LONGEST_WAIT));
        }
        assert_eq!(Attempts::default().next(None), None, "any other failure is final");
    }

    #[test]
    fn waits_are_spread() {
        for first in [0, 4711, u32::MAX - 70] {
            let mut shares: Vec<_> = (first..first + 64).map(share).collect();
            shares.sort_unstable_by(f64::total_cmp);
            let widest = shares.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
            assert!(widest < 3.0 / 64.0, "{widest}");
        }
        assert!((0..64).all(|_| spread(LONGEST_WAIT) <= LONGEST_WAIT));
    }
}
