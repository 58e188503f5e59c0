//! What the processes of a node tell each other about destinations in trouble.

use std::time::Duration;

use async_trait::async_trait;

/// A change of a breaker that the other processes should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerChange {
    /// Leave the destination alone.
    Opened {
        /// For so long from now.
        pause: Duration,
        /// How often it was tried in vain since it last worked.
        failed_probes: u32,
    },
    /// It works again.
    Closed,
    /// This process was to see whether it works, and saw nothing: another may.
    Released,
}

/// Who sees whether a destination works again, when its pause is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// This process.
    Ours,
    /// Another one.
    Theirs {
        /// When asking again makes sense.
        retry_after: Duration,
    },
}

/// A destination that another process found in trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenElsewhere {
    /// Its name, as in [`Call::destination`](crate::Call).
    pub destination: String,
    /// How long it is left alone from now.
    pub left: Duration,
    /// How often it was tried in vain.
    pub failed_probes: u32,
}

/// The way to the other processes. What comes back is given to [`Egress::hear`](crate::Egress::hear).
#[async_trait]
pub trait BreakerBoard: Send + Sync {
    /// Passes a change on. Neither waits nor fails.
    fn tell(&self, destination: &str, change: BreakerChange);

    /// Asks to be the one that calls a destination whose pause is over, for no longer than `length`. Answers soon;
    /// [`Probe::Ours`] where the others cannot be reached, so that every process then goes by what it knows itself.
    async fn claim_probe(&self, destination: &str, length: Duration) -> Probe;
}
