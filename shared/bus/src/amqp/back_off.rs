//! Pauses between attempts to reach the broker: ever longer, and different for each process.

use std::time::Duration;

use waybill_domain::Entropy;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(3);

#[derive(Debug)]
pub(crate) struct BackOff(Duration);

impl Default for BackOff {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl BackOff {
    /// The next pause: up to the limit reached so far, so that a restarted broker is not met by all at once.
    pub(crate) fn next(&mut self, entropy: &dyn Entropy) -> Duration {
        let most = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        self.0 = (self.0 * 2).min(LONGEST);
        Duration::from_millis(entropy.below(most) + 1)
    }

    /// It went well for a while.
    pub(crate) fn reset(&mut self) {
        self.0 = FIRST;
    }
}

#[cfg(test)]
mod tests {
    use waybill_testkit::SeededEntropy;

    use super::*;

    #[test]
    fn pauses_grow_up_to_a_limit_and_differ() {
        let entropy = SeededEntropy::new(1);
        let mut pauses = BackOff::default();
        assert!(pauses.next(&entropy) <= FIRST);
        let later: Vec<_> = (0..200).map(|_| pauses.next(&entropy)).collect();
        assert!(later.iter().all(|pause| *pause <= LONGEST));
        assert!(
            later.iter().any(|pause| *pause > LONGEST / 2) && later.iter().any(|pause| *pause < LONGEST / 2)
        );
        pauses.reset();
        assert!(pauses.next(&entropy) <= FIRST);
    }
}
