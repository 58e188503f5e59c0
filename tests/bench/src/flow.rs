//! Verifications, from POST to the delivered callback, and account checks; two nodes as two processes.

use std::time::Duration;

use anyhow::ensure;
use waybill_store::{Store, StoreOptions};
use waybill_testkit::TestFolder;

use crate::api::Api;
use crate::backends;
use crate::disk;
use crate::load::{Outcome, closed_loop, open_loop};
use crate::nodes::{Nodes, Placed};
use crate::process::{cpu_seconds, resident_mb};
use crate::requests::{check, verifying};

const IN_FLIGHT: usize = 64;

pub async fn run(seconds: u64) -> anyhow::Result<()> {
    let placed = Nodes::prepare().await;
    let callbacks = backends::serve(placed.address(300), &placed.folder).await?;
    println!(
        "disk                              {:.0} flushed writes of 8 KB per second",
        disk::flushes_per_second(placed.folder.path())?
    );
    let api = Api::at(placed.address(117));
    let verify = verifying(placed.address(117), callbacks)?;
    let check = move || check(api.clone());

    let placed = commits(placed, 1, &verify).await?;
    let placed = commits(placed, IN_FLIGHT, &verify).await?;

    let nodes = Nodes::start(placed).await;
    println!("one node, idle                    {:.1} MB resident", resident_mb(nodes.ours.id())?);
    closed_loop(1, Duration::from_secs(2), verify.clone()).await?;
    let alone = closed_loop(1, Duration::from_secs(5), verify.clone()).await?;
    println!("verifications, one at a time      {}", alone.line());
    let checks = closed_loop(1, Duration::from_secs(5), check.clone()).await?;
    println!("account checks, one at a time     {}", checks.line());
    let checks = closed_loop(16, Duration::from_secs(5), check).await?;
    println!("account checks, 16 at a time      {}", checks.line());

    let most = closed_loop(IN_FLIGHT, Duration::from_secs(10), verify.clone()).await?;
    println!("verifications, {IN_FLIGHT} at a time     {}", most.line());
    steady(&nodes, &verify, most.rate() * 0.85, seconds).await?;
    let half = open_loop(most.rate() / 2.0, Duration::from_secs(seconds / 2), verify.clone()).await?;
    println!("verifications, half of the most   {}", half.line());

    let stopped = nodes.stop().await;
    sizes(&stopped.placed.folder).await
}

/// Durable commits per verification over both nodes, in a run that does nothing else.
async fn commits<F, W>(placed: Placed, in_flight: usize, verify: &F) -> anyhow::Result<Placed>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    let nodes = Nodes::start(placed).await;
    let outcome = closed_loop(in_flight, Duration::from_secs(5), verify.clone()).await?;
    ensure!(outcome.errors.is_empty(), "{}", outcome.line());
    let stopped = nodes.stop().await;
    let count = outcome.latencies.len() as f64;
    let each = stopped.commits.map(|commits| commits as f64 / count);
    println!(
        "commits per verification          {:.2}, {in_flight} at a time (ours {:.2}, robot {:.2})",
        each[0] + each[1],
        each[0],
        each[1]
    );
    Ok(stopped.placed)
}

/// The long run: a fixed rate below the most, with what it costs.
async fn steady<F, W>(nodes: &Nodes, verify: &F, rate: f64, seconds: u64) -> anyhow::Result<Outcome>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    let pids = [nodes.ours.id(), nodes.robot.id()];
    let before = [cpu_seconds(pids[0])?, cpu_seconds(pids[1])?];
    let outcome = open_loop(rate, Duration::from_secs(seconds), verify.clone()).await?;
    let spent = [cpu_seconds(pids[0])? - before[0], cpu_seconds(pids[1])? - before[1]];
    println!("verifications, fixed rate {seconds:>3} s   {}", outcome.line());
    let each = |spent: f64| spent * 1000.0 / outcome.latencies.len() as f64;
    println!(
        "processor time per verification   {:.2} ms (ours {:.2}, robot {:.2})",
        each(spent[0] + spent[1]),
        each(spent[0]),
        each(spent[1])
    );
    let resident = [resident_mb(pids[0])?, resident_mb(pids[1])?];
    println!(
        "under load                        ours {:.1} MB, robot {:.1} MB resident",
        resident[0], resident[1]
    );
    Ok(outcome)
}

/// Bytes per verification on each side, from the database files that the nodes left.
async fn sizes(folder: &TestFolder) -> anyhow::Result<()> {
    for name in ["ours", "robot"] {
        let path = folder.join(format!(".waybill/{name}/waybill.sqlite"));
        let store = Store::open(&StoreOptions::Sqlite { path, readers: 1 }).await?;
        let sizes = store.sizes().await?;
        let rows = sizes.verifications.max(1);
        println!(
            "bytes per verification, {name:<9} {} row and indexes, {} with all other tables",
            sizes.verifications_bytes / rows,
            sizes.all_bytes / rows
        );
        store.close().await;
    }
    Ok(())
}
