//! When a poller looks next.

use std::time::Duration;

use tokio::time::Instant;
use waybill_domain::Entropy;

/// A wake-up or a full hand does not make it look again sooner than this.
const SHORTEST: Duration = Duration::from_millis(25);
/// While the database fails.
const LONGEST: Duration = Duration::from_secs(30);

/// When to look.
#[derive(Debug)]
pub(super) struct Turn {
    look_every: Duration,
    looked_at: Option<Instant>,
    next: Instant,
    failures: u32,
}

/// What came of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As many as were asked for: there may be more.
    Full,
    /// There is no more now.
    All,
    /// The database failed.
    Failed,
}

impl Turn {
    pub(super) fn new(look_every: Duration) -> Self {
        Self { look_every: look_every.max(SHORTEST), looked_at: None, next: Instant::now(), failures: 0 }
    }

    pub(super) fn next(&self) -> Instant {
        self.next
    }

    /// Something may be due: soon, unless the database fails.
    pub(super) fn wake(&mut self, now: Instant) {
        if self.failures == 0 {
            let soonest = self.looked_at.map_or(now, |looked_at| looked_at + SHORTEST);
            self.next = self.next.min(soonest.max(now));
        }
    }

    pub(super) fn looked(&mut self, look: Look, now: Instant, entropy: &dyn Entropy) {
        self.looked_at = Some(now);
        self.failures = if look == Look::Failed { self.failures.saturating_add(1) } else { 0 };
        let pause = match look {
            Look::Full => SHORTEST,
            Look::All => self.idle(entropy),
            Look::Failed => {
                let doubled = self.look_every.saturating_mul(2_u32.saturating_pow(self.failures));
                doubled.min(LONGEST.max(self.look_every)) + self.idle(entropy)
            }
        };
        self.next = now + pause;
    }

    /// Nobody may look now; nothing was asked.
    pub(super) fn skipped(&mut self, now: Instant, entropy: &dyn Entropy) {
        self.next = now + self.idle(entropy);
    }

    /// Never shorter than the pause that was asked for; up to a tenth longer, so that processes do not look all at once.
    fn idle(&self, entropy: &dyn Entropy) -> Duration {
        let tenth = u64::try_from(self.look_every.as_micros() / 10).unwrap_or(0);
        self.look_every + Duration::from_micros(entropy.below(tenth + 1))
    }
}

#[cfg(test)]
mod tests {
    use waybill_testkit::SeededEntropy;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn an_idle_poller_looks_once_a_second() {
        let entropy = SeededEntropy::new(1).shared();
        let (mut turn, begun) = (Turn::new(SECOND), Instant::now());
        let mut looks = 0;
        while turn.next() < begun + 100 * SECOND {
            turn.looked(Look::All, turn.next(), &*entropy);
            looks += 1;
        }
        assert!((90..=100).contains(&looks), "{looks}");
    }

    #[tokio::test]
    async fn it_looks_again_soon_when_there_is_more_or_it_is_woken() {
        let entropy = SeededEntropy::new(1).shared();
        let (mut turn, begun) = (Turn::new(SECOND), Instant::now());
        turn.looked(Look::Full, begun, &*entropy);
        assert_eq!(turn.next(), begun + SHORTEST);
        turn.looked(Look::All, begun, &*entropy);
        turn.wake(begun);
        assert_eq!(turn.next(), begun + SHORTEST, "not at once, so that many wake-ups are one look");
        turn.looked(Look::All, begun, &*entropy);
        turn.wake(begun + SECOND / 2);
        assert_eq!(turn.next(), begun + SECOND / 2);
    }

    #[tokio::test]
    async fn a_failing_database_is_asked_less_and_less() {
        let entropy = SeededEntropy::new(1).shared();
        let (mut turn, begun) = (Turn::new(SECOND), Instant::now());
        let mut pauses = Vec::new();
        for _ in 0..8 {
            turn.looked(Look::Failed, begun, &*entropy);
            turn.wake(begun);
            pauses.push((turn.next() - begun).as_secs());
        }
        assert!(pauses.is_sorted() && pauses[0] >= 3 && (30..=32).contains(&pauses[7]), "{pauses:?}");
        turn.looked(Look::All, begun, &*entropy);
        assert!(turn.next() - begun <= SECOND * 11 / 10);
    }
}
