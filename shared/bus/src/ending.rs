//! What became of a command, for the metrics and the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// How one turn at a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Done,
    Retried,
    /// Given up, and why: one of few words.
    Dead(&'static str),
    /// Somebody else has it, or will have it when the lease ends.
    Lost,
}

impl Ending {
    /// Counts a turn of this length, and says that it is over.
    pub(crate) fn tell(self, kind: &'static str, took: Duration) {
        let outcome = match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Dead(_) => "dead",
            Self::Lost => "lost",
        };
        tracing::debug!(outcome, took_ms = took.as_millis() as u64, "a turn at the command is over");
        waybill_metrics::command_worked(kind, outcome, took);
        if let Self::Dead(reason) = self {
            waybill_metrics::dead_letters(kind, reason, 1);
        }
    }
}

/// What a handler did to its command in a transaction of its own, known to the bus when it says `Finished`. The
/// transaction may run more than once: the last run counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedEnding(Arc<AtomicU8>);

const RETRIED: u8 = 1;
const DEAD: u8 = 2;

impl SharedEnding {
    pub(crate) fn done(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    pub(crate) fn retried(&self) {
        self.0.store(RETRIED, Ordering::Relaxed);
    }

    pub(crate) fn dead(&self) {
        self.0.store(DEAD, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> Ending {
        match self.0.load(Ordering::Relaxed) {
            RETRIED => Ending::Retried,
            DEAD => Ending::Dead("given-up"),
            _ => Ending::Done,
        }
    }
}
