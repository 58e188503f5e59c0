//! Licences, banned crates, sources and advisories of the dependencies, by cargo-deny and `deny.toml`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::cargo::{self, root};
use crate::steps::Verdict;

/// Built from source: the wheels on PyPI end at 0.14.2, which knows neither today's package ids nor Unicode-3.0.
const VERSION: &str = "0.20.2";

/// Builds the pinned cargo-deny into `target/tools` (about a minute), unless it is there.
pub fn install() -> Result<()> {
    if is_installed() {
        return Ok(());
    }
    let wanted = format!("cargo-deny@{VERSION}");
    let mut command =
        cargo::command(&["install", "--locked", "--quiet", "--debug", "--force", &wanted, "--root"]);
    cargo::run(command.arg(tools()).env("CARGO_PROFILE_DEV_DEBUG", "0"))
}

pub fn check() -> Result<()> {
    cargo::run(cargo_deny().args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
}

/// Known vulnerabilities, where the database of RustSec can be fetched.
pub fn advisories() -> Result<Verdict> {
    let fetched = cargo::run(
        Command::new("timeout").arg("60").arg(program()).args(["fetch", "db"]).current_dir(root()),
    );
    if let Err(error) = fetched {
        return Ok(Verdict::Skipped(format!("the RustSec database cannot be fetched ({error})")));
    }
    cargo::run(cargo_deny().args(["check", "--disable-fetch", "advisories"]))?;
    Ok(Verdict::Passed)
}

fn is_installed() -> bool {
    let output = Command::new(program()).arg("--version").stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.stdout == format!("cargo-deny {VERSION}\n").as_bytes())
}

fn cargo_deny() -> Command {
    let mut command = Command::new(program());
    command.current_dir(root()).stdin(Stdio::null());
    command
}

fn program() -> PathBuf {
    tools().join("bin/cargo-deny")
}

fn tools() -> PathBuf {
    root().join("target/tools")
}
