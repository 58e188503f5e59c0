//! Benchmarks: a program of the `tests` crate that drives the real program, both in release.

use std::ffi::OsString;

use anyhow::Result;

use crate::cargo;

pub fn run(arguments: &[OsString]) -> Result<()> {
    cargo::run(&mut cargo::command(&["build", "--release", "--package", "waybill"]))?;
    cargo::run(cargo::command(&["run", "--release", "--package", "waybill-bench", "--"]).args(arguments))
}
