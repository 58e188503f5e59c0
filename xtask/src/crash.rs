//! The whole of the suite in which everything fails; the gate runs a selection.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::cargo;
use crate::servers::Servers;
use crate::suite;

/// What to try.
pub struct Options {
    /// `postgresql`, `mariadb`; both when left out.
    pub database: Option<String>,
    /// Only faults whose name contains this.
    pub fault: Option<String>,
    /// How long faults come at random at the end.
    pub random: Duration,
    pub seed: Option<u64>,
    /// Withdrawals a second.
    pub rate: Option<u64>,
}

/// Runs it with servers of its own.
pub fn run(options: &Options) -> Result<()> {
    let filter = options.database.as_deref().unwrap_or_default();
    ensure!(
        ["", "postgresql", "mariadb"].contains(&filter),
        "the database is postgresql or mariadb, not {filter:?}"
    );
    suite::build_program()?;
    Servers::install_missing()?;
    let mut tests = cargo::command(&["test", "--workspace", "--test", "fleet", "--"]);
    tests.args(["--ignored", "--nocapture", "--test-threads", "1"]);
    tests.arg(format!("everything_fails_over_{filter}"));
    tests.env("WAYBILL_CRASH_SECONDS", options.random.as_secs().to_string());
    if let Some(fault) = &options.fault {
        tests.env("WAYBILL_CRASH_FAULT", fault);
    }
    for (variable, number) in [("WAYBILL_CRASH_SEED", options.seed), ("WAYBILL_CRASH_RATE", options.rate)] {
        if let Some(number) = number {
            tests.env(variable, number.to_string());
        }
    }
    cargo::run(&mut tests)
}
