//! How long whoever hands out commands sleeps when there is nothing to hand out.

use std::time::Duration;

/// Commands that wait for an earlier one of their group look due: they are looked at less and less often. What frees
/// them wakes the sleeper, but for the end of a hold.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST_VAIN: Duration = Duration::from_secs(1);

/// Remembers how often it was woken in vain.
pub(crate) struct Naps {
    vain: Duration,
    longest: Duration,
}

impl Naps {
    /// Naps of at most `longest`: that late a lost wake-up is noticed.
    pub(crate) fn new(longest: Duration) -> Self {
        Self { vain: SHORTEST, longest: longest.max(SHORTEST) }
    }

    /// Something was handed out, or somebody rang.
    pub(crate) fn refresh(&mut self) {
        self.vain = SHORTEST;
    }

    /// Nothing was handed out.
    pub(crate) fn in_vain(&mut self) {
        self.vain = (self.vain * 2).min(LONGEST_VAIN);
    }

    /// Until the next command is due, as the database says.
    pub(crate) fn until(&self, next: Option<Duration>) -> Duration {
        match next {
            Some(Duration::ZERO) => self.vain,
            Some(wait) => wait.clamp(SHORTEST, self.longest.max(self.vain)),
            None => self.longest.max(self.vain),
        }
    }
}
