//! What workers do in a second, how exactly several of them keep a limit, and what an idle one costs.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use secrecy::SecretString;
use waybill_store::{ServerOptions, Store, StoreOptions};
use waybill_testkit::servers::{ServerKind, TestDatabase};
use waybill_tests::Client;

use super::arrivals::Arrivals;
use super::rows::fill;
use super::vendor::Vendor;
use crate::nodes::{Nodes, Placed};
use crate::services::system::{Layout, Servers, System};

/// No hindrance.
const NO_LIMIT: u32 = 10_000;
const WORKERS: [usize; 3] = [1, 2, 4];
const LIMITS: [u32; 3] = [5, 20, 500];
/// Workers need a moment to begin.
const WARM_UP: Duration = Duration::from_secs(3);
const BUSY: Duration = Duration::from_secs(10);
const LIMITED: Duration = Duration::from_secs(20);
const IDLE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);
/// Of the ports of the nodes, one that nobody has.
const ADMIN: u16 = 90;

pub async fn run() -> anyhow::Result<()> {
    let mut placed = Nodes::prepare().await;
    let servers = tokio::task::spawn_blocking(|| Servers::start(ServerKind::Postgres)).await?;
    for workers in WORKERS {
        let (arrivals, back) = work(placed, &servers, workers, NO_LIMIT, BUSY).await?;
        placed = back;
        let all = arrivals.per_second();
        println!("{workers} workers, 20 ms an answer       {all:7.1}/s, {:.1}/s each", all / workers as f64);
    }
    for limit in LIMITS {
        let (arrivals, back) = work(placed, &servers, 4, limit, LIMITED).await?;
        placed = back;
        let (most, used) = (arrivals.most_in(SECOND), arrivals.per_second() / f64::from(limit));
        println!(
            "4 workers, limit {limit:>3}/s          {:7.1}/s: {:.1} % of it, the most in any second {most}",
            arrivals.per_second(),
            100.0 * used
        );
        ensure!(most <= limit as usize, "{most} calls in a second");
    }
    idle(placed, &servers).await
}

/// Lets workers poll for a time.
async fn work(
    placed: Placed,
    servers: &Servers,
    workers: usize,
    limit: u32,
    length: Duration,
) -> anyhow::Result<(Arrivals, Placed)> {
    let vendor = Vendor::default();
    let mut layout = layout(&vendor, workers).await?;
    layout.env.push(("WAYBILL__CHAINALYSIS__KYT_REQUESTS_PER_SECOND", limit.to_string()));
    let system = System::start(placed, servers, [layout, nobody()]).await?;
    // Each is polled once: after its first poll it is due again two seconds later, behind the others.
    let most = (WARM_UP + length).as_secs() * u64::from(limit.min(1200));
    fill(&open(&system.databases[0]).await?, 2 * most).await?;
    vendor.arrivals();
    tokio::time::sleep(WARM_UP).await;
    vendor.arrivals();
    tokio::time::sleep(length).await;
    let arrivals = vendor.arrivals();
    ensure!(arrivals.len() > 1, "the workers ask nothing");
    Ok((arrivals, system.stop().await))
}

/// One worker with nothing to do.
async fn idle(placed: Placed, servers: &Servers) -> anyhow::Result<()> {
    let vendor = Vendor::default();
    let admin = placed.address(ADMIN);
    let mut layout = layout(&vendor, 1).await?;
    layout.env.push(("WAYBILL__ADMIN__BIND", admin.to_string()));
    let system = System::start(placed, servers, [layout, nobody()]).await?;
    let admin = Client::new(admin.port());
    let before = queries(admin).await?;
    tokio::time::sleep(IDLE).await;
    let asked = queries(admin).await? - before;
    println!("1 worker, nothing due             {:7.2} queries/s", asked / IDLE.as_secs_f64());
    system.stop().await;
    Ok(())
}

/// What the poller has asked the database so far, by the process's own account.
async fn queries(admin: Client) -> anyhow::Result<f64> {
    let figures = admin.get("/metrics").await;
    let text = String::from_utf8(figures.body.to_vec())?;
    let mut asked = 0.0;
    for line in text.lines().filter(|line| line.starts_with("waybill_database_work_duration_seconds_count")) {
        if line.contains("work=\"kyt::") || line.contains("work=\"vendor_limits::") {
            asked += line.rsplit(' ').next().context("a figure")?.parse::<f64>()?;
        }
    }
    Ok(asked)
}

async fn layout(vendor: &Vendor, workers: usize) -> anyhow::Result<Layout<'static>> {
    let url = format!("http://{}/", vendor.serve().await?);
    let env = vec![("WAYBILL__CHAINALYSIS__KYT_URL", url)];
    Ok(Layout { vasp: "ours", services: vec!["chainalysis"; workers], env })
}

fn nobody() -> Layout<'static> {
    Layout { vasp: "robot", services: Vec::new(), env: Vec::new() }
}

async fn open(database: &TestDatabase) -> anyhow::Result<Store> {
    let url = SecretString::from(database.url().to_owned());
    Ok(Store::open(&StoreOptions::Server(ServerOptions { connections: 4, ..ServerOptions::new(url) }))
        .await?)
}
