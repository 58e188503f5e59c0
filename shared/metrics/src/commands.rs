//! Commands and the queues that carry them.

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use crate::catalogue::*;

const OUTCOMES: [&str; 4] = ["done", "retried", "dead", "lost"];
const REASONS: [&str; 4] = ["given-up", "panic", "lost", "broker"];

/// This process works on a kind of command: its counters begin at 0, so that the first event is a change.
pub fn command_kind(kind: &'static str) {
    for outcome in OUTCOMES {
        counter!(COMMANDS_TOTAL.name, "kind" => kind, "outcome" => outcome).increment(0);
    }
    for reason in REASONS {
        dead_letters(kind, reason, 0);
    }
}

/// A worker's turn at a command is over.
pub fn command_worked(kind: &'static str, outcome: &'static str, took: Duration) {
    counter!(COMMANDS_TOTAL.name, "kind" => kind, "outcome" => outcome).increment(1);
    histogram!(COMMAND_DURATION.name, "kind" => kind).record(took);
}

/// Commands were given up. `reason` is one of few words.
pub fn dead_letters(kind: &'static str, reason: &'static str, count: u64) {
    counter!(DEAD_LETTERS.name, "kind" => kind, "reason" => reason).increment(count);
}

/// Commands whose lease ended.
pub fn leases_expired(requeued: u64, given_up: u64) {
    counter!(LEASES_EXPIRED.name, "outcome" => "requeued").increment(requeued);
    counter!(LEASES_EXPIRED.name, "outcome" => "given-up").increment(given_up);
}

/// The commands of a kind that no worker has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Due.
    pub due: u64,
    /// Due later.
    pub delayed: u64,
    /// How long the one that is due the longest has been due.
    pub overdue: Duration,
    /// Age of the oldest.
    pub oldest: Duration,
}

/// What waits in the database.
pub fn waiting(kind: &'static str, waiting: Waiting) {
    gauge!(COMMANDS_WAITING.name, "kind" => kind).set(waiting.due as f64);
    gauge!(COMMANDS_DELAYED.name, "kind" => kind).set(waiting.delayed as f64);
    gauge!(COMMANDS_OVERDUE.name, "kind" => kind).set(waiting.overdue);
    gauge!(COMMANDS_OLDEST.name, "kind" => kind).set(waiting.oldest);
}

/// What waits on the broker.
pub fn queue_messages(kind: &'static str, messages: u32) {
    gauge!(QUEUE_MESSAGES.name, "kind" => kind).set(messages);
}
