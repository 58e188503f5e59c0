//! Verifications and what the backend is told of them.

use std::time::Duration;

use metrics::{counter, histogram};

use crate::catalogue::*;

/// A verification has its result. `role` is `originator` or `beneficiary`, `age` counts from its acceptance.
pub fn verification_ended(role: &'static str, result: &'static str, age: Duration) {
    histogram!(VERIFICATION_DURATION.name, "role" => role, "result" => result).record(age);
}

/// An attempt at a callback: `delivered`, `refused` or `failed`.
pub fn callback_attempted(outcome: &'static str) {
    counter!(CALLBACK_ATTEMPTS.name, "outcome" => outcome).increment(1);
}

/// A callback of this age arrived.
pub fn callback_delivered(age: Duration) {
    histogram!(CALLBACK_AGE.name).record(age);
}

/// Callbacks were given up.
pub fn callback_given_up(count: u64) {
    counter!(CALLBACKS_GIVEN_UP.name).increment(count);
}
