//! What a rotation of the keys at rest costs those who work meanwhile, and how fast it is.

use std::future::Future;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tokio::time::Instant;
use waybill_testkit::{TestFolder, built_program};

use crate::backends;
use crate::disk;
use crate::load::{Outcome, closed_loop, open_loop};
use crate::nodes::Nodes;
use crate::requests::verifying;
use crate::statistics::{listed, median};

/// Verifications that are there before the first rotation.
const ROWS: u64 = 4000;
const PAIRS: usize = 5;
const ROUND: Duration = Duration::from_secs(20);

/// Alternating rounds with and without a rotation, at half of the most that the node does.
pub async fn run() -> anyhow::Result<()> {
    let placed = Nodes::prepare().await;
    let callbacks = backends::serve(placed.address(300), &placed.folder).await?;
    println!(
        "disk                              {:.0} flushed writes of 8 KB per second",
        disk::flushes_per_second(placed.folder.path())?
    );
    let ring = Ring::prepare(&placed.folder)?;
    let verify = verifying(placed.address(117), callbacks)?;
    let nodes = Nodes::start(placed).await;
    let most = closed_loop(64, Duration::from_secs(5), verify.clone()).await?.rate();
    while ring.list()?["resealing"]["finishedAt"].is_null() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let filled = closed_loop(64, Duration::from_secs_f64(ROWS as f64 / most), verify.clone()).await?;
    ensure!(filled.errors.is_empty(), "{}", filled.line());
    println!("verifications, 64 at a time       {most:.0}/s; rounds at half of it");
    let (mut ratios, mut rates) = (Vec::new(), Vec::new());
    for pair in 1..=PAIRS {
        let (quiet, busy, rate) = round(pair, most / 2.0, &ring, &verify).await?;
        println!("pair {pair}, without rotation          {}", quiet.line());
        println!("pair {pair}, with rotation             {}   {rate:.0} rows/s sealed again", busy.line());
        ensure!(quiet.errors.is_empty() && busy.errors.is_empty(), "a round had errors");
        ratios.push(busy.ms(0.99) / quiet.ms(0.99));
        rates.push(rate);
    }
    println!(
        "p99 with against without          median ratio {:.2} of {PAIRS} pairs ({})",
        median(&mut ratios.clone()),
        listed(&ratios)
    );
    println!("rows sealed again under load      median {:.0} per second", median(&mut rates));
    nodes.stop().await;
    Ok(())
}

/// Two rounds, the quiet one first in odd pairs, so that neither has the growth of the database on its side.
async fn round<F, W>(
    pair: usize,
    rate: f64,
    ring: &Ring,
    verify: &F,
) -> anyhow::Result<(Outcome, Outcome, f64)>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    if pair % 2 == 1 {
        let quiet = open_loop(rate, ROUND, verify.clone()).await?;
        let (busy, resealed) = with_rotation(rate, ring, verify).await?;
        return Ok((quiet, busy, resealed));
    }
    let (busy, resealed) = with_rotation(rate, ring, verify).await?;
    Ok((open_loop(rate, ROUND, verify.clone()).await?, busy, resealed))
}

/// A round that begins with a rotation and lasts while it does; gives rows sealed again per second.
async fn with_rotation<F, W>(rate: f64, ring: &Ring, verify: &F) -> anyhow::Result<(Outcome, f64)>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    ring.keys(&["add"])?;
    tokio::time::sleep(Duration::from_secs(3)).await; // the node notices
    ring.keys(&["rotate"])?;
    let before = ring.progress()?;
    let begun = Instant::now();
    let outcome = open_loop(rate, ROUND, verify.clone()).await?;
    let took = begun.elapsed();
    let sealed = ring.progress()? - before;
    while ring.list()?["resealing"]["finishedAt"].is_null() {
        tokio::time::sleep(Duration::from_secs(1)).await; // the next round is quiet
    }
    ring.retire_all()?;
    Ok((outcome, sealed / took.as_secs_f64()))
}

/// The keyring's file of our node, and the commands on it.
struct Ring {
    config: std::path::PathBuf,
}

impl Ring {
    /// Moves the keys of our node from its settings into a file.
    fn prepare(folder: &TestFolder) -> anyhow::Result<Self> {
        let config = folder.join(".waybill/ours/waybill.toml");
        let file = folder.join(".waybill/ours/keyring");
        let settings = std::fs::read_to_string(&config)?;
        let line = settings.lines().find(|line| line.starts_with("keys = ")).context("no keys")?;
        let keys = line.trim_start_matches("keys = ").trim_matches('"');
        write_private(&file, keys)?;
        let moved = settings.replace(line, &format!("keyring_file = \"{}\"", file.display()));
        std::fs::write(&config, moved)?;
        Ok(Self { config })
    }

    fn keys(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(built_program("waybill"));
        let output = command.arg("keys").args(arguments).arg("--config").arg(&self.config).output()?;
        ensure!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    fn list(&self) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.keys(&["list", "--json"])?)?)
    }

    /// Rows of verifications sealed again; each has four values.
    fn progress(&self) -> anyhow::Result<f64> {
        Ok(self.list()?["resealing"]["resealed"].as_f64().unwrap_or(0.0) / 4.0)
    }

    fn retire_all(&self) -> anyhow::Result<()> {
        let list = self.list()?;
        for key in list["keys"].as_array().context("no keys")? {
            if key["state"] == "opens" {
                self.keys(&["retire", key["name"].as_str().context("no name")?])?;
            }
        }
        Ok(())
    }
}

fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, format!("{text}\n"))?;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?)
}
