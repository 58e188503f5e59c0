//! Named steps: a heading before, the outcome and the time taken after, a table at the end.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

/// How a step that found no fault ended.
pub enum Verdict {
    Passed,
    /// Could not be done here, and why. For checks that need an outside source, never for tests.
    Skipped(String),
}

impl From<()> for Verdict {
    fn from((): ()) -> Self {
        Self::Passed
    }
}

/// The steps of one command. A failed step does not stop the later ones: one run shows every fault.
#[derive(Default)]
pub struct Steps {
    lines: Vec<String>,
    failed: bool,
}

impl Steps {
    pub fn run<V: Into<Verdict>>(&mut self, name: &str, action: impl FnOnce() -> Result<V>) {
        println!("\n== {name} ==");
        let clock = Stopwatch::start();
        let outcome = match action().map(Into::into) {
            Ok(Verdict::Passed) => "ok".to_owned(),
            Ok(Verdict::Skipped(why)) => format!("SKIPPED: {why}"),
            Err(error) => {
                self.failed = true;
                println!("error: {error:#}");
                "FAILED".to_owned()
            }
        };
        let line = format!("{:>7.1} s  {name}: {outcome}", clock.elapsed().as_secs_f64());
        println!("{line}");
        self.lines.push(line);
    }

    /// Prints the table and says how the program shall end.
    pub fn finish(self) -> ExitCode {
        println!("\n== Summary ==");
        self.lines.iter().for_each(|line| println!("{line}"));
        if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// Turns the result of a command without steps into an exit code.
pub fn report(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "xtask measures real builds and has no async runtime")]
    fn start() -> Self {
        Self(Instant::now())
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn one_failed_step_fails_the_command_and_the_later_ones_still_run() {
        let mut steps = Steps::default();
        let mut reached = false;
        steps.run("first", || -> Result<()> { bail!("broken") });
        steps.run("second", || {
            reached = true;
            Ok(())
        });
        assert!(reached);
        assert!(steps.lines[0].ends_with("first: FAILED"), "{}", steps.lines[0]);
        assert!(steps.lines[1].ends_with("second: ok"), "{}", steps.lines[1]);
        assert_eq!(steps.finish(), ExitCode::FAILURE);
    }

    #[test]
    fn a_skipped_step_says_why_and_fails_nothing() {
        let mut steps = Steps::default();
        steps.run("advisories", || Ok(Verdict::Skipped("no database".to_owned())));
        assert!(steps.lines[0].ends_with("advisories: SKIPPED: no database"), "{}", steps.lines[0]);
        assert_eq!(steps.finish(), ExitCode::SUCCESS);
    }
}
