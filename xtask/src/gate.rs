//! The commands that are made of steps, from the quickest step to the slowest.

use std::process::ExitCode;

use crate::servers::Servers;
use crate::steps::Steps;
use crate::suite::{self, Suite};
use crate::totals::Totals;
use crate::{api, deny, fuzz, hygiene, links, lint, migrations};

/// `cargo xtask test`: the whole suite, or what the filter leaves of it.
pub fn test(filter: Option<&str>) -> ExitCode {
    let mut steps = Steps::default();
    let totals = run_tests(&mut steps, &Suite::Everything { filter });
    finish(steps, totals)
}

/// `cargo xtask check`: quick enough to run before each commit.
pub fn check() -> ExitCode {
    let mut steps = Steps::default();
    steps.run("Machine paths and secrets", hygiene::check);
    steps.run("Links of the documents", links::check);
    steps.run("Format", lint::format);
    steps.run("Clippy", lint::clippy);
    let totals = run_tests(&mut steps, &Suite::WithoutPrograms);
    finish(steps, totals)
}

/// `cargo xtask ci`: everything. The last line it prints is the totals of the tests.
pub fn ci() -> ExitCode {
    let mut steps = Steps::default();
    steps.run("Machine paths and secrets", hygiene::check);
    steps.run("Links of the documents", links::check);
    steps.run("Landed migrations are unchanged", migrations::check);
    steps.run("Format", lint::format);
    run_deny(&mut steps);
    steps.run("Clippy", lint::clippy);
    steps.run("Documentation", lint::documentation);
    steps.run("Fuzz", || fuzz::run(fuzz::GATE_SECONDS));
    let totals = run_tests(&mut steps, &Suite::Everything { filter: None });
    finish(steps, totals)
}

/// `cargo xtask deny`: what a new dependency brings along.
pub fn deny() -> ExitCode {
    let mut steps = Steps::default();
    run_deny(&mut steps);
    steps.finish()
}

fn run_deny(steps: &mut Steps) {
    steps.run("Tool: cargo-deny", deny::install);
    steps.run("Licences, bans and sources", deny::check);
    steps.run("Security advisories", deny::advisories);
}

fn run_tests(steps: &mut Steps, suite: &Suite) -> Totals {
    let mut totals = Totals::default();
    if let Suite::Everything { .. } = suite {
        steps.run("Build the waybill program", suite::build_program);
        steps.run("Tools that try the API", api::install);
    }
    let mut servers = Servers::default();
    steps.run("Database servers", || servers.start());
    steps.run("Tests", || suite::run(suite, &servers, &mut totals));
    totals
}

fn finish(steps: Steps, totals: Totals) -> ExitCode {
    let code = steps.finish();
    println!("\n{totals}");
    code
}
