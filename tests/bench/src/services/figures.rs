//! Verifications from POST to the delivered callback, both VASPs with each service a process.

use std::future::Future;
use std::time::Duration;

use anyhow::ensure;
use waybill_testkit::servers::ServerKind;

use super::outage;
use super::spent::Spent;
use super::system::{Layout, Servers, System};
use crate::backends::{self, Callbacks};
use crate::disk;
use crate::load::{Outcome, closed_loop, open_loop};
use crate::nodes::{Nodes, Placed};
use crate::process::resident_mb;
use crate::requests::verifying;

const IN_FLIGHT: usize = 64;
/// What two cores give to the bare operations of one verification.
const BOUND: f64 = 1030.0;

/// Over PostgreSQL, then over MariaDB. `seconds` is the length of the run at a fixed rate.
pub async fn run(seconds: u64) -> anyhow::Result<()> {
    let mut placed = Nodes::prepare().await;
    let callbacks = backends::serve(placed.address(300), &placed.folder).await?;
    let flushes = disk::flushes_per_second(placed.folder.path())?;
    println!("disk                              {flushes:.0} flushed writes of 8 KB per second");
    for kind in ServerKind::ALL {
        let servers = tokio::task::spawn_blocking(move || Servers::start(kind)).await?;
        println!("\n{} and RabbitMQ", servers.name());
        placed = over(servers, placed, callbacks.clone(), seconds).await?;
    }
    Ok(())
}

async fn over(
    servers: Servers,
    placed: Placed,
    callbacks: Callbacks,
    seconds: u64,
) -> anyhow::Result<Placed> {
    let verify = verifying(placed.address(117), callbacks)?;
    let layouts = [Layout::each("ours"), Layout::each("robot")];
    let system = System::start(placed, &servers, layouts).await?;
    let idle: anyhow::Result<Vec<String>> = system
        .processes
        .iter()
        .filter(|process| process.vasp == "ours")
        .map(|process| Ok(format!("{} {:.1} MB", process.service, resident_mb(process.program.id())?)))
        .collect();
    println!("resident, idle                    {}", idle?.join(", "));
    closed_loop(8, Duration::from_secs(3), verify.clone()).await?;
    let alone = alone(&system, &verify).await?;
    let before = Spent::so_far(&system, &servers)?;
    let most = closed_loop(IN_FLIGHT, Duration::from_secs(20), verify.clone()).await?;
    let spent = Spent::so_far(&system, &servers)?.since(&before, most.latencies.len());
    println!("verifications, {IN_FLIGHT} at a time     {}", most.line());
    println!("of the bound of {BOUND:.0}/s            {:.2}", most.rate() / BOUND);
    println!("processor time per verification   {spent}");
    let steady = open_loop(most.rate() * 0.85, Duration::from_secs(seconds), verify.clone()).await?;
    println!("verifications, fixed rate {seconds:>3} s   {}", steady.line());
    let half = open_loop(most.rate() / 2.0, Duration::from_secs(seconds / 2), verify.clone()).await?;
    println!("verifications, half of the most   {}", half.line());
    ensure!(steady.errors.is_empty() && half.errors.is_empty(), "there were errors");
    work_done(&system, &[&alone, &most, &steady, &half])?;
    outage::run(&servers, most.rate(), &verify).await?;
    Ok(system.stop().await)
}

/// Messages on the broker and between the VASPs, from what the databases hold.
fn work_done(system: &System, outcomes: &[&Outcome]) -> anyhow::Result<()> {
    let verifications: u64 = outcomes.iter().map(|outcome| outcome.latencies.len()).sum();
    let count = |at: usize, table: &str| -> anyhow::Result<f64> {
        let rows: f64 =
            system.databases[at].query(&format!("SELECT count(*) FROM {table}")).trim().parse()?;
        let all: f64 = system.databases[0].query("SELECT count(*) FROM verifications").trim().parse()?;
        Ok(rows / all)
    };
    println!(
        "commands per verification         {:.2} ours, {:.2} the robot's ({verifications} verifications)",
        count(0, "commands")?,
        count(1, "commands")?
    );
    println!("messages between the VASPs        {:.2}", count(1, "received_messages")?);
    Ok(())
}

/// One at a time, and the commits for each.
async fn alone<F, W>(system: &System, verify: &F) -> anyhow::Result<Outcome>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    let quiet = Duration::from_secs(5);
    let idle = system.commits()?;
    tokio::time::sleep(quiet).await;
    let before = system.commits()?;
    let by_itself = (before - idle) / quiet.as_secs_f64();
    let alone = closed_loop(1, Duration::from_secs(10), verify.clone()).await?;
    let commits = system.commits()? - before - by_itself * alone.elapsed.as_secs_f64();
    println!("verifications, one at a time      {}", alone.line());
    println!(
        "commits                           {:.2} per verification one at a time, {by_itself:.1} per second by itself",
        commits / alone.latencies.len() as f64
    );
    Ok(alone)
}
