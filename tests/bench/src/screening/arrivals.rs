//! When calls came.

use std::time::Duration;

use tokio::time::Instant;

/// Times of calls, in order.
pub struct Arrivals(Vec<Instant>);

impl Arrivals {
    pub fn new(mut times: Vec<Instant>) -> Self {
        times.sort();
        Self(times)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn per_second(&self) -> f64 {
        match (self.0.first(), self.0.last()) {
            (Some(first), Some(last)) if last > first => {
                (self.0.len() - 1) as f64 / last.duration_since(*first).as_secs_f64()
            }
            _ => 0.0,
        }
    }

    /// The most in any window of this length, wherever it begins.
    pub fn most_in(&self, window: Duration) -> usize {
        let mut behind = 0;
        let counts = self.0.iter().enumerate().map(|(at, time)| {
            while self.0[behind] + window <= *time {
                behind += 1;
            }
            at - behind + 1
        });
        counts.max().unwrap_or(0)
    }
}
