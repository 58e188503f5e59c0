//! Calls to others.

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use crate::catalogue::*;

/// A call is over. `destination` is a name from a bounded set.
pub fn called(destination: &str, outcome: &'static str, took: Duration) {
    counter!(EGRESS_CALLS.name, "destination" => destination.to_owned(), "outcome" => outcome).increment(1);
    histogram!(EGRESS_DURATION.name, "destination" => destination.to_owned()).record(took);
}

/// Calls to a destination are suspended, or go on.
pub fn breaker(destination: &str, open: bool) {
    gauge!(BREAKER_OPEN.name, "destination" => destination.to_owned()).set(if open { 1 } else { 0 });
}

/// Whether a member's node answers.
pub fn member(id: String, up: bool) {
    gauge!(MEMBER_UP.name, "member" => id).set(if up { 1 } else { 0 });
}
