//! Running the tests and counting them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};

use crate::cargo;
use crate::servers::Servers;
use crate::totals::Totals;

/// Which tests to run.
pub enum Suite<'a> {
    /// All of them, or those whose name contains the filter.
    Everything { filter: Option<&'a str> },
    /// All but the end-to-end suites, which start the real program.
    WithoutPrograms,
}

impl Suite<'_> {
    fn arguments(&self) -> Vec<&str> {
        let mut arguments = vec!["test", "--workspace", "--no-fail-fast"];
        match self {
            Self::Everything { filter } => arguments.extend(filter),
            Self::WithoutPrograms => arguments.extend(["--exclude", "waybill-tests"]),
        }
        arguments
    }
}

/// Builds the program that the end-to-end tests start, as its users build it: with its own features only.
pub fn build_program() -> Result<()> {
    cargo::run(&mut cargo::command(&["build", "--package", "waybill"]))
}

/// Runs the tests, passing their output on, and adds their counts to `totals`.
pub fn run(suite: &Suite, servers: &Servers, totals: &mut Totals) -> Result<()> {
    let mut tests = cargo::command(&suite.arguments())
        .envs(servers.variables())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo test")?;
    count(&mut tests, totals)?;
    verdict(totals, tests.wait()?.success())
}

/// Whether the run counts as passed; a test program that died counts as one failed test.
fn verdict(totals: &mut Totals, succeeded: bool) -> Result<()> {
    if !succeeded && totals.failed == 0 && totals.passed > 0 {
        println!("A test program ended without a report: killed or aborted.");
        totals.failed = 1;
    }
    ensure!(totals.failed == 0, "{} failed", totals.failed);
    ensure!(succeeded, "cargo test did not get as far as running a test");
    ensure!(totals.passed > 0, "no test ran");
    Ok(())
}

fn count(tests: &mut Child, totals: &mut Totals) -> Result<()> {
    let output = tests.stdout.take().context("the output of cargo test is not a pipe")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        // A test may print anything, also what is no UTF-8.
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        totals.add_line(&line);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_comes_last() {
        let suite = Suite::Everything { filter: Some("replay") };
        assert_eq!(suite.arguments(), ["test", "--workspace", "--no-fail-fast", "replay"]);
    }

    #[test]
    fn the_fast_lane_leaves_the_end_to_end_suites_out() {
        assert!(Suite::WithoutPrograms.arguments().ends_with(&["--exclude", "waybill-tests"]));
    }

    #[test]
    fn only_passed_tests_and_nothing_else_pass() {
        let mut good = Totals { passed: 3, ..Totals::default() };
        assert!(verdict(&mut good, true).is_ok());
        let mut bad = Totals { passed: 3, failed: 1, ..Totals::default() };
        assert!(verdict(&mut bad, false).is_err());
    }

    #[test]
    fn no_test_at_all_fails() {
        let skipped_only = Totals { skipped: 2, ..Totals::default() };
        for mut totals in [Totals::default(), skipped_only] {
            assert_eq!(verdict(&mut totals, true).unwrap_err().to_string(), "no test ran");
        }
        assert!(verdict(&mut Totals::default(), false).is_err());
    }

    #[test]
    fn a_test_program_that_died_counts_as_failed() {
        let mut totals = Totals { passed: 3, ..Totals::default() };
        assert!(verdict(&mut totals, false).is_err());
        assert_eq!(totals.to_string(), "3 passed, 1 failed");
    }
}
