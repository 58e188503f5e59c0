//! How much is deleted in one transaction, and how long others have the database to themselves afterwards.

use std::time::Duration;

/// A transaction is to take about as long: SQLite has one writer, and whoever writes waits for it.
const AIM: Duration = Duration::from_millis(20);
const SMALLEST: u32 = 10;
const LARGEST: u32 = 500;
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Adapts to how long transactions take: when others write much, batches shrink and pauses grow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    limit: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { limit: 50 }
    }
}

impl Pace {
    /// Rows of the next batch, at the most.
    pub(crate) fn limit(self) -> u32 {
        self.limit
    }

    /// Takes note of how long a batch took, waiting for its turn included. Gives the pause that is due: twice as long,
    /// so that a third of the time at most goes into deleting.
    pub(crate) fn after(&mut self, took: Duration) -> Duration {
        if took > 2 * AIM {
            self.limit = (self.limit / 2).max(SMALLEST);
        } else if took < AIM / 2 {
            self.limit = (self.limit * 2).min(LARGEST);
        }
        (2 * took).clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_stay_within_their_bounds() {
        let mut pace = Pace::default();
        for _ in 0..20 {
            assert_eq!(pace.after(Duration::from_secs(60)), LONGEST_PAUSE);
        }
        assert_eq!(pace.limit(), SMALLEST);
        for _ in 0..20 {
            assert_eq!(pace.after(Duration::ZERO), SHORTEST_PAUSE);
        }
        assert_eq!(pace.limit(), LARGEST);
        assert_eq!(pace.after(AIM), 2 * AIM);
        assert_eq!(pace.limit(), LARGEST, "what takes as long as it should stays");
    }
}
