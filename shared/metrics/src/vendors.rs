//! Vendors, their limits, and the pollers that ask them.

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use crate::catalogue::*;

/// A turn at a limit was `taken`, `refused` or `lost`. The limit's name is that of an API, without the credential.
pub fn vendor_turn(limit: &str, outcome: &'static str) {
    counter!(VENDOR_TURNS.name, "limit" => limit.to_owned(), "outcome" => outcome).increment(1);
}

/// A call waited for its turn.
pub fn vendor_turn_waited(limit: &str, waited: Duration) {
    histogram!(VENDOR_TURN_WAIT.name, "limit" => limit.to_owned()).record(waited);
}

/// A vendor asked for a pause.
pub fn vendor_paused(limit: &str) {
    counter!(VENDOR_PAUSES.name, "limit" => limit.to_owned()).increment(1);
}

/// A poller asked the database what is due.
pub fn poller_looked(poller: &'static str) {
    counter!(POLLER_LOOKS.name, "poller" => poller).increment(1);
}

/// A poller is through with so many rows: `worked`, `panicked`, `cut-off` or `given-back`.
pub fn poller_rows(poller: &'static str, outcome: &'static str, rows: u64) {
    counter!(POLLER_ROWS.name, "poller" => poller, "outcome" => outcome).increment(rows);
}

/// What waits for a poller, and for how long the one that is due the longest does.
pub fn poller_due(poller: &'static str, due: u64, overdue: Duration) {
    gauge!(POLLER_DUE.name, "poller" => poller).set(due as f64);
    gauge!(POLLER_OVERDUE.name, "poller" => poller).set(overdue);
}

/// A screening has its result. `vendor` and `status` are names of few.
pub fn screening_ended(vendor: &'static str, status: &'static str) {
    counter!(SCREENING_RESULTS.name, "vendor" => vendor, "status" => status).increment(1);
}
