//! The Waybill program: command line, wiring, and two VASPs to play with.

mod admin;
mod cli;
mod commands;
mod demo;
mod dev;
mod doctor;
mod node;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};
use crate::node::Part;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Few threads: the work is waiting for disk and network, and idle threads cost memory.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(cli)),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("waybill: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command.unwrap_or_default() {
        Command::Dev(options) => dev::run(options).await,
        Command::Demo(options) => return demo::run(options).await,
        Command::Run(source) => commands::run::run(source).await,
        Command::Ingress(source) => commands::run::run_alone(source, Part::Ingress).await,
        Command::Counterparty(source) => commands::run::run_alone(source, Part::Counterparty).await,
        Command::Chainalysis(source) => commands::run::run_alone(source, Part::Chainalysis).await,
        Command::Refinitiv(source) => commands::run::run_alone(source, Part::Refinitiv).await,
        Command::Callback(source) => commands::run::run_alone(source, Part::Callback).await,
        Command::Relay(source) => commands::run::run_alone(source, Part::Relay).await,
        Command::Keys { action: None, source } => commands::run::run_alone(source, Part::Keys).await,
        Command::Migrate(source) => commands::migrate::run(source).await,
        Command::Config { action, source } => commands::config::run(action, source),
        Command::Doctor(options) => commands::doctor::run(options).await,
        Command::Directory { action } => commands::directory::run(action).await,
        Command::ApiKeys { action, source } => commands::api_keys::run(action, source).await,
        Command::Keys { action: Some(action), source } => commands::keys::run(action, source).await,
        Command::Callbacks { action, source } => commands::callbacks::run(action, source).await,
        Command::Dead { action, source } => commands::dead::run(action, source).await,
        Command::Retention { action, source } => commands::retention::run(action, source).await,
        Command::Openapi => commands::openapi::run(),
        Command::Generate { what } => commands::generate::run(what),
        Command::Ivms101 { action } => return Ok(commands::ivms101::run(action)),
    }
    .map(|()| ExitCode::SUCCESS)
}
