//! How long an exchange of several steps may take.

use std::time::Duration;

use tokio::time::Instant;

/// A limit for each step, and one for all of them.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    each: Duration,
    until: Instant,
}

impl Patience {
    /// Each step gets `each`, all together no more than `whole`.
    pub fn new(each: Duration, whole: Duration) -> Self {
        Self { each, until: Instant::now() + whole }
    }

    /// What the next step may take; zero when the time is over.
    pub fn left(&self) -> Duration {
        self.each.min(self.until.saturating_duration_since(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_limit_counts() {
        let (short, long) = (Duration::from_secs(1), Duration::from_secs(3600));
        assert_eq!(Patience::new(short, long).left(), short);
        assert!(Patience::new(long, short).left() <= short);
        assert_eq!(Patience::new(long, Duration::ZERO).left(), Duration::ZERO);
    }
}
