//! Running the tests and counting them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};

use crate::cargo;
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
pub fn run(suite: &Suite, totals: &mut Totals) -> Result<()> {
    let mut tests = cargo::command(&suite.arguments())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo test")?;
    count(&mut tests, totals)?;
    let status = tests.wait()?;
    if !status.success() && totals.failed == 0 && totals.passed > 0 {
        println!("A test program ended without a report: killed, aborted, or it does not compile.");
        totals.failed = 1;
    }
    ensure!(totals.failed == 0, "{} failed", totals.failed);
    ensure!(status.success(), "cargo test: {status}");
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
}
