//! The database.

use std::time::Duration;

use metrics::{counter, histogram};

use crate::catalogue::*;

/// A piece of work is over. `mode` is `read` or `write`, `work` the name of the work.
pub fn database_worked(mode: &'static str, work: &'static str, took: Duration, failed: bool) {
    histogram!(DATABASE_DURATION.name, "mode" => mode, "work" => work).record(took);
    counter!(DATABASE_FAILURES.name, "mode" => mode).increment(failed.into());
}
