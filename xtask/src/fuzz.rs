//! Fuzzing with libFuzzer, on the stable toolchain: the flags below make rustc count what each input reaches, which is
//! all that `cargo fuzz` adds where no sanitizer is wanted (there is no `unsafe` to sanitize). Nothing is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::cargo::{self, root};

/// Seconds of a run in the gate, over all targets.
pub const GATE_SECONDS: u64 = 40;

/// The programs in `tests/fuzz/src/bin`.
const TARGETS: [&str; 2] = ["ivms101_read", "ivms101_write"];

/// Documents to start from.
const SEEDS: &str = "shared/ivms101/tests/fixtures";

/// Words to put into documents.
const DICTIONARY: &str = "tests/fuzz/ivms101.dict";

/// Coverage counters, and the operands of comparisons, for libFuzzer to be guided by.
const INSTRUMENTATION: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Runs every target for its share of the seconds. An input that breaks something is an error that names its file.
pub fn run(seconds: u64) -> Result<()> {
    let programs = build()?;
    let share = (seconds / TARGETS.len() as u64).max(1);
    for target in TARGETS {
        fuzz(target, &programs.join(target), share)?;
    }
    Ok(())
}

/// Builds the targets; the folder of the programs.
fn build() -> Result<PathBuf> {
    let host = host()?;
    // With a target named, flags stay away from build scripts and macros.
    let mut build = cargo::command(&[
        "build",
        "--locked",
        "--release",
        "--manifest-path",
        "tests/fuzz/Cargo.toml",
        "--target",
    ]);
    build.arg(&host).env("CARGO_TARGET_DIR", folder()).env("RUSTFLAGS", INSTRUMENTATION);
    build.env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo::run(&mut build).context("libFuzzer needs a C++ compiler: apt-get install build-essential")?;
    Ok(folder().join(host).join("release"))
}

fn fuzz(target: &str, program: &Path, seconds: u64) -> Result<()> {
    let corpus = made(&format!("corpus/{target}"))?;
    let found = made(&format!("found/{target}"))?;
    let log = folder().join(format!("{target}.log"));
    let output = fs::File::create(&log)?;
    let status = Command::new(program)
        .arg(format!("-max_total_time={seconds}"))
        .args(["-max_len=16384", "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(format!("-dict={}", root().join(DICTIONARY).display()))
        .args([&corpus, &root().join(SEEDS)])
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .status()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let log = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    if !status.success() {
        report(&log, program);
        bail!("{target}: an input breaks it");
    }
    ensure!(log.contains("inline 8-bit counters"), "{target} was not built with counters: nothing guides it");
    let runs = figure(&log, "stat::number_of_executed_units:")
        .context("libFuzzer did not say how many runs it made")?;
    ensure!(runs > 0, "{target} made no run");
    println!("{target}: {runs} runs, {} places reached, no fault", reached(&log));
    Ok(())
}

/// What libFuzzer said at the end, and where the input is.
fn report(log: &str, program: &Path) {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(60)..].iter().for_each(|line| println!("{line}"));
    let file =
        log.lines().find_map(|line| line.split_once("Test unit written to ")).map(|(_, file)| file.trim());
    if let Some(file) = file {
        println!("\nThe input: {file}\nTo repeat: {} {file}", program.display());
    }
}

fn figure(log: &str, name: &str) -> Option<u64> {
    log.lines().find_map(|line| line.strip_prefix(name)).and_then(|number| number.trim().parse().ok())
}

/// The last `cov:` of the log.
fn reached(log: &str) -> &str {
    let last = log.lines().rev().find_map(|line| line.split_once(" cov: "));
    last.and_then(|(_, rest)| rest.split_whitespace().next()).unwrap_or("?")
}

fn host() -> Result<String> {
    let output =
        Command::new("rustc").arg("-vV").current_dir(root()).output().context("cannot start rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not name its host")
}

fn folder() -> PathBuf {
    root().join("target/fuzz")
}

fn made(below: &str) -> Result<PathBuf> {
    let folder = folder().join(below);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "INFO: Loaded 1 modules   (9 inline 8-bit counters): 9\n\
        #2\tINITED cov: 12 ft: 13 corp: 1/1b\n#9\tNEW    cov: 345 ft: 4 corp: 2/2b\n\
        stat::number_of_executed_units: 7801\nstat::average_exec_per_sec:     9\n";

    #[test]
    fn the_figures_of_a_run_are_read() {
        assert_eq!(figure(LOG, "stat::number_of_executed_units:"), Some(7801));
        assert_eq!(figure(LOG, "stat::peak_rss_mb:"), None);
        assert_eq!((reached(LOG), reached("")), ("345", "?"));
    }

    #[test]
    fn every_target_is_run_and_starts_from_documents() {
        let programs = root().join("tests/fuzz/src/bin");
        let mut found: Vec<String> = fs::read_dir(programs)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        found.sort();
        assert_eq!(found, TARGETS);
        assert!(fs::read_dir(root().join(SEEDS)).unwrap().count() > 0);
        assert!(root().join(DICTIONARY).is_file());
    }
}
