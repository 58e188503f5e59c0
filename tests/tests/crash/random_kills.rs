//! Nodes are killed at moments that nobody chose.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep};
use waybill_domain::Entropy as _;
use waybill_testkit::SeededEntropy;
use waybill_tests::{Pair, Party};

use crate::DATABASE;
use crate::consistency::nothing_is_lost_or_doubled;
use crate::withdrawals::{Withdrawal, one};

const LENGTH: Duration = Duration::from_secs(20);
const SEED: u64 = 20_261_120;
/// Withdrawals under way at once.
const LANES: usize = 3;

#[tokio::test]
async fn nothing_is_lost_however_often_nodes_are_killed() {
    let mut pair = Pair::start(DATABASE).await;
    let end = Instant::now() + LENGTH;
    let ours = pair.ours.party;
    let lanes = join_all((0..LANES).map(|lane| withdraw_until(ours, end, lane)));
    let (done, kills) = tokio::join!(lanes, kill_until(&mut pair, end));
    let withdrawals: Vec<Withdrawal> = done.into_iter().flatten().collect();
    println!("{kills} kills, {} withdrawals", withdrawals.len());
    assert!(kills >= 5 && withdrawals.len() >= LANES);
    nothing_is_lost_or_doubled(&pair, &withdrawals).await;
}

/// Kills one node after the other and starts it again; gives how often.
async fn kill_until(pair: &mut Pair, end: Instant) -> u32 {
    let chance = SeededEntropy::new(SEED);
    let mut kills = 0;
    while Instant::now() < end {
        sleep(Duration::from_millis(chance.below(1500))).await;
        let node = if chance.below(2) == 0 { &mut pair.ours } else { &mut pair.robot };
        node.kill().await;
        sleep(Duration::from_millis(chance.below(300))).await;
        node.start(&pair.folder, &[]).await;
        kills += 1;
    }
    kills
}

async fn withdraw_until(ours: Party, end: Instant, lane: usize) -> Vec<Withdrawal> {
    let mut done = Vec::new();
    while Instant::now() < end {
        done.push(one(ours, lane + done.len()).await);
    }
    done
}
