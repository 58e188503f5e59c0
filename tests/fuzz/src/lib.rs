//! What the targets share.

mod mutate;
#[path = "../../../shared/ivms101/tests/mutations/mod.rs"]
mod mutations;
#[path = "../../../shared/ivms101/tests/paths/mod.rs"]
mod paths;

pub use mutate::mutate;
pub use paths::pointing_nowhere;

use chrono::NaiveDate;
use serde_json::Value;

/// The input as JSON; most inputs are none.
pub fn document(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok()
}

/// The day on which the targets live.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day of the calendar")
}
