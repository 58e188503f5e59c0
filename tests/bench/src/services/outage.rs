//! The broker is away for a minute, and what was accepted meanwhile is worked off.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::system::Servers;
use crate::load::open_loop;

const OUTAGE: Duration = Duration::from_secs(60);
/// Of the most: the broker is to catch up with a backlog, not with a flood.
const SHARE: f64 = 0.2;

pub async fn run<F, W>(servers: &Servers, most: f64, verify: &F) -> anyhow::Result<()>
where
    F: Fn() -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<Duration>> + Send + 'static,
{
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let work = {
        let (verify, arrivals) = (verify.clone(), Arc::clone(&arrivals));
        move || {
            let (work, arrivals) = (verify(), Arc::clone(&arrivals));
            async move {
                let took = work.await;
                arrivals.lock().await.push(Instant::now());
                took
            }
        }
    };
    let rate = most * SHARE;
    tokio::task::block_in_place(|| servers.broker.stop());
    let load = tokio::spawn(open_loop(rate, OUTAGE, work));
    tokio::time::sleep(OUTAGE).await;
    let begun = Instant::now();
    tokio::task::block_in_place(|| servers.broker.start());
    let back = begun.elapsed();
    let outcome = load.await??;
    ensure!(outcome.errors.is_empty(), "{}", outcome.line());
    let mut arrivals: Vec<f64> = arrivals.lock().await.iter().map(|at| since(begun + back, *at)).collect();
    arrivals.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| arrivals[((arrivals.len() - 1) as f64 * share) as usize];
    println!(
        "after {} s without a broker        {} accepted meanwhile; callbacks from {:.1} s after its return, 99 % within \
         {:.1} s, all within {:.1} s: {:.0}/s",
        OUTAGE.as_secs(),
        arrivals.len(),
        at(0.0),
        at(0.99),
        at(1.0),
        0.99 * arrivals.len() as f64 / at(0.99).max(0.001),
    );
    Ok(())
}

fn since(then: Instant, at: Instant) -> f64 {
    at.saturating_duration_since(then).as_secs_f64()
}
