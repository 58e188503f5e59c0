//! How often, and how long.

use std::time::Duration;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// When the vendor is asked again. All but the tests take the default.
#[derive(Debug, Clone)]
pub struct Pacing {
    /// Between look and look at a case that is not screened yet; the last one again and again.
    pub looks: Vec<Duration>,
    /// Between question and question for rows that are due, when there are none.
    pub look_every: Duration,
    /// How long a row belongs to whoever works on it.
    pub lease: Duration,
    /// How long the vendor may not know a case that it has just taken on.
    pub lag: Duration,
    /// How long a screening that may or may not have been taken on is waited for, before it is asked for once more.
    pub unsure: Duration,
    /// How long nothing is asked in the background after the vendor has refused the key.
    pub refused: Duration,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            looks: [2, 4, 8, 16, 30, 60, 120, 300].map(seconds).to_vec(),
            look_every: seconds(1),
            lease: seconds(120),
            lag: seconds(600),
            unsure: seconds(60),
            refused: seconds(300),
        }
    }
}
