//! `waybill ivms101 …`: work with documents about persons.
//!
//! What a document says goes to standard output, what is to be said about it to standard error: in words for people,
//! with paths of fields and never their values.

mod check;
mod convert;
mod input;

use std::process::ExitCode;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Ivms101Action {
    /// Say everything that is wrong with a document
    Check(check::Check),
    /// Write a document in another dialect, and say what gets lost
    Convert(convert::Convert),
}

pub fn run(action: Ivms101Action) -> ExitCode {
    match action {
        Ivms101Action::Check(options) => options.run(),
        Ivms101Action::Convert(options) => options.run(),
    }
}
