//! Reading and validating the personal data of a verification, beside parsing its JSON alone, by turns.

use std::hint::black_box;

use anyhow::Context as _;
use chrono::NaiveDate;
use serde_json::Value;
use waybill_ivms101::read_verification;

const DOCUMENT: &str = include_str!("../../../shared/ivms101/tests/fixtures/verification.json");
const ROUNDS: usize = 15;
const EACH: usize = 10_000;

/// Documents per second of processor time, one round after the other.
struct Rates {
    parse: Vec<f64>,
    all: Vec<f64>,
    read: Vec<f64>,
}

pub fn run() -> anyhow::Result<()> {
    let (json, value) = payload()?;
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).context("a day")?;
    let mut rates = Rates { parse: Vec::new(), all: Vec::new(), read: Vec::new() };
    for _ in 0..ROUNDS {
        rates.parse.push(rate(|| parse(&json).is_ok())?);
        rates
            .all
            .push(rate(|| parse(&json).is_ok_and(|value| read_verification(&value, "", today).is_ok()))?);
        rates.read.push(rate(|| read_verification(black_box(&value), "", today).is_ok())?);
    }
    let ratio = median(rates.parse.iter().zip(&rates.all).map(|(parse, all)| parse / all).collect());
    println!("IVMS101, {} bytes, one core, per second of its time:", json.len());
    println!("  JSON parsed, read and validated   {:.0}", median(rates.all));
    println!(
        "  JSON parsed only                  {:.0}: the above takes {ratio:.2} times as long",
        median(rates.parse)
    );
    println!("  read and validated only           {:.0}", median(rates.read));
    Ok(())
}

/// A verification of 2 KB, as it travels.
fn payload() -> anyhow::Result<(String, Value)> {
    let mut value: Value = serde_json::from_str(DOCUMENT)?;
    for of_directory in ["originatingVASP", "beneficiaryVASP"] {
        value.as_object_mut().context("an object")?.remove(of_directory);
    }
    Ok((value.to_string(), value))
}

fn parse(json: &str) -> serde_json::Result<Value> {
    serde_json::from_slice(black_box(json.as_bytes()))
}

/// How often the work is done per second of this thread's processor time, which a busy machine does not change much.
fn rate(work: impl Fn() -> bool) -> anyhow::Result<f64> {
    let begun = thread_seconds()?;
    for _ in 0..EACH {
        anyhow::ensure!(black_box(work()), "the document is refused");
    }
    Ok(EACH as f64 / (thread_seconds()? - begun))
}

/// Processor seconds of this thread so far, to the nanosecond.
fn thread_seconds() -> anyhow::Result<f64> {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = schedstat.split_whitespace().next().context("an empty schedstat")?.parse()?;
    Ok(nanoseconds / 1e9)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
