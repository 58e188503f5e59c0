//! More workers do more, as long as they wait for others: a counterparty whose backend takes 50 ms.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use waybill_sandbox::ROBOT_VASP;
use waybill_testkit::servers::ServerKind;
use waybill_tests::Client;

use super::system::{Layout, Servers, System};
use crate::backends;
use crate::load::closed_loop;
use crate::nodes::Nodes;
use crate::requests::verifying;
use crate::statistics::{listed, median};

const WORKERS: [usize; 3] = [1, 2, 4];
/// Requests that one worker may have under way.
const JOBS: u32 = 2;
const DELAY_MS: u64 = 50;
const ROUNDS: usize = 5;
/// Enough to keep all workers busy.
const IN_FLIGHT: usize = 32;

pub async fn run() -> anyhow::Result<()> {
    let mut placed = Nodes::prepare().await;
    let callbacks = backends::serve(placed.address(300), &placed.folder).await?;
    let sandbox = Client::new(placed.address(300).port());
    let slow = json!({"mode": "slow", "delayMs": DELAY_MS, "endpoint": "verification"});
    sandbox.put(&format!("/vasps/{ROBOT_VASP}/mode"), &slow).await.ok();
    let servers = tokio::task::spawn_blocking(|| Servers::start(ServerKind::Postgres)).await?;
    let verify = verifying(placed.address(117), callbacks)?;
    let mut rates = WORKERS.map(|_| Vec::new());
    for round in 1..=ROUNDS {
        for (at, workers) in WORKERS.into_iter().enumerate() {
            let mut ours = Layout::each("ours");
            ours.services.extend(vec!["counterparty"; workers - 1]);
            ours.env.push(("WAYBILL__PEERS__WORKERS", JOBS.to_string()));
            let system = System::start(placed, &servers, [ours, Layout::one("robot")]).await?;
            closed_loop(IN_FLIGHT, Duration::from_secs(2), verify.clone()).await?;
            let outcome = closed_loop(IN_FLIGHT, Duration::from_secs(8), verify.clone()).await?;
            ensure!(outcome.errors.is_empty(), "{}", outcome.line());
            println!("round {round}, {workers} workers                {}", outcome.line());
            rates[at].push(outcome.rate());
            placed = system.stop().await;
        }
    }
    for (at, workers) in WORKERS.into_iter().enumerate().skip(1) {
        let ratios: Vec<f64> = rates[at].iter().zip(&rates[0]).map(|(more, one)| more / one).collect();
        let all = listed(&ratios);
        println!(
            "{workers} workers against one             median {:.2} times ({all})",
            median(&mut ratios.clone())
        );
    }
    Ok(())
}
