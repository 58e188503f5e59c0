//! The same work on every kind of database, one after the other in one run.

use std::time::Duration;

use anyhow::ensure;
use waybill_testkit::servers::TestDatabase;

use crate::backends::{self, Callbacks};
use crate::database::{Database, store};
use crate::load::closed_loop;
use crate::nodes::{Nodes, Placed};
use crate::process::cpu_seconds;
use crate::requests::verifying;
use crate::{disk, stores};

const IN_FLIGHT: usize = 64;

pub async fn run() -> anyhow::Result<()> {
    let placed = Nodes::prepare().await;
    let callbacks = backends::serve(placed.address(300), &placed.folder).await?;
    let flushes = disk::flushes_per_second(placed.folder.path())?;
    println!("disk                              {flushes:.0} flushed writes of 8 KB per second");
    let mut placed = placed;
    for database in Database::all() {
        let fresh = database.fresh();
        let opened = store(fresh.as_ref(), &placed.folder).await?;
        stores::measure(database.name(), &opened).await?;
        opened.close().await;
        placed = flow(&database, placed, &callbacks).await?;
    }
    Ok(())
}

/// Verifications of two nodes, each with a database of its own.
async fn flow(database: &Database, placed: Placed, callbacks: &Callbacks) -> anyhow::Result<Placed> {
    let own = [database.fresh(), database.fresh()];
    let urls = [url(&own[0]), url(&own[1])];
    let work = verifying(placed.address(117), callbacks.clone())?;
    let nodes = Nodes::start_over(placed, urls).await;
    closed_loop(8, Duration::from_secs(3), work.clone()).await?;
    let alone = closed_loop(1, Duration::from_secs(5), work.clone()).await?;
    println!("{:<11} verifications, 1       {}", database.name(), alone.line());
    let pids = [nodes.ours.id(), nodes.robot.id()];
    let before = cpu_seconds(pids[0])? + cpu_seconds(pids[1])?;
    let most = closed_loop(IN_FLIGHT, Duration::from_secs(20), work).await?;
    let spent = cpu_seconds(pids[0])? + cpu_seconds(pids[1])? - before;
    println!("{:<11} verifications, {IN_FLIGHT}      {}", database.name(), most.line());
    println!(
        "{:<11} processor time        {:.2} ms per verification in both nodes",
        database.name(),
        spent * 1000.0 / most.latencies.len() as f64
    );
    ensure!(alone.errors.is_empty() && most.errors.is_empty(), "there were errors");
    Ok(nodes.stop().await.placed)
}

fn url(database: &Option<TestDatabase>) -> Option<String> {
    database.as_ref().map(|database| database.url().to_owned())
}
