//! What the toolchain itself can check.

use anyhow::Result;

use crate::cargo;

/// Of the fuzz targets, too, which are a workspace of their own.
pub fn format() -> Result<()> {
    cargo::run(&mut cargo::command(&["fmt", "--all", "--check"]))?;
    cargo::run(&mut cargo::command(&["fmt", "--manifest-path", "tests/fuzz/Cargo.toml", "--check"]))
}

pub fn clippy() -> Result<()> {
    cargo::run(&mut cargo::command(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// Every link in every doc comment resolves, private items included: they are read most.
pub fn documentation() -> Result<()> {
    let mut command = cargo::command(&["doc", "--workspace", "--no-deps", "--document-private-items"]);
    cargo::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}
