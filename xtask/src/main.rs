//! Commands for people who work on the project: `cargo xtask --help`.

mod api;
mod bench;
mod cargo;
mod crash;
mod deny;
mod fuzz;
mod gate;
mod hygiene;
mod links;
mod lint;
mod migrations;
mod servers;
mod steps;
mod suite;
mod totals;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Commands for people who work on Waybill")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every test: unit, contract and end to end, with servers of its own
    Test {
        /// Only the tests whose name contains this
        #[arg(long, value_name = "TEXT")]
        filter: Option<String>,
    },
    /// The inner loop: format, lints and the tests that start no program
    Check,
    /// Everything the gate asks for; .ci/run calls this
    Ci,
    /// Look at the dependencies only: licences, bans, sources, advisories
    Deny,
    /// Install the tools with which the tests try the API from other languages
    ApiTools,
    /// Run a benchmark in release; what follows goes to it
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Let everything fail around services under load, on servers of its own (ten minutes for each database)
    Crash {
        /// `postgresql` or `mariadb`; both when left out
        #[arg(long)]
        database: Option<String>,
        /// Only faults whose name contains this, such as `broker`
        #[arg(long, value_name = "TEXT")]
        fault: Option<String>,
        /// For how long faults come at random after each had its turn
        #[arg(long, value_name = "N", default_value_t = 120)]
        seconds: u64,
        /// Of the random choices: the same seed makes the same
        #[arg(long)]
        seed: Option<u64>,
        /// Withdrawals a second
        #[arg(long, value_name = "N")]
        rate: Option<u64>,
    },
    /// Try the readers and writers of IVMS101 with millions of strange documents
    Fuzz {
        /// For how long, over all targets
        #[arg(long, value_name = "N", default_value_t = 300)]
        seconds: u64,
    },
    /// Note the checksums of new migrations, which are never edited from then on
    RecordMigrations,
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Test { filter } => gate::test(filter.as_deref()),
        Command::Check => gate::check(),
        Command::Ci => gate::ci(),
        Command::Deny => gate::deny(),
        Command::ApiTools => steps::report(api::install()),
        Command::Bench { arguments } => steps::report(bench::run(&arguments)),
        Command::Crash { database, fault, seconds, seed, rate } => {
            let random = Duration::from_secs(seconds);
            steps::report(crash::run(&crash::Options { database, fault, random, seed, rate }))
        }
        Command::Fuzz { seconds } => steps::report(fuzz::run(seconds)),
        Command::RecordMigrations => steps::report(migrations::record()),
    }
}
