//! The database server goes away under load, and comes back.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep};
use waybill_testkit::eventually;
use waybill_testkit::servers::{Durability, Server};
use waybill_tests::{Pair, Party, SOON, verification};

use crate::DATABASE;
use crate::consistency::nothing_is_lost_or_doubled;
use crate::withdrawals::{Withdrawal, one};

const LENGTH: Duration = Duration::from_secs(15);
/// Withdrawals under way at once.
const LANES: usize = 3;

/// Its calls block, and the test has something else to do meanwhile.
async fn blocking(server: &Arc<Server>, action: fn(&Server)) {
    let server = Arc::clone(server);
    tokio::task::spawn_blocking(move || action(&server)).await.expect("the server does as it is told");
}

#[tokio::test]
async fn nothing_is_lost_when_the_server_is_restarted_and_killed_under_load() {
    let server = Arc::new(Server::start_private(DATABASE.kind(), Durability::Process));
    let mut pair = Pair::prepare_on(Some(&server)).await;
    pair.ours.start(&pair.folder, &[]).await;
    pair.robot.start(&pair.folder, &[]).await;
    let end = Instant::now() + LENGTH;
    let ours = pair.ours.party;
    let lanes = join_all((0..LANES).map(|lane| withdraw_until(ours, end, lane)));
    let trouble = async {
        for end_it in [Server::stop, Server::kill9] {
            sleep(Duration::from_secs(3)).await;
            blocking(&server, end_it).await;
            sleep(Duration::from_secs(1)).await;
            blocking(&server, Server::start).await;
        }
    };
    let (done, ()) = tokio::join!(lanes, trouble);
    let withdrawals: Vec<Withdrawal> = done.into_iter().flatten().collect();
    println!("{} withdrawals", withdrawals.len());
    assert!(withdrawals.len() >= LANES);
    nothing_is_lost_or_doubled(&pair, &withdrawals).await;
    drop(pair); // before the server: it drops its databases there
}

async fn withdraw_until(ours: Party, end: Instant, lane: usize) -> Vec<Withdrawal> {
    let mut done = Vec::new();
    while Instant::now() < end {
        done.push(one(ours, lane + done.len()).await);
    }
    done
}

#[tokio::test]
async fn callers_are_told_when_to_come_again_and_the_node_recovers_by_itself() {
    let server = Arc::new(Server::start_private(DATABASE.kind(), Durability::Process));
    let mut pair = Pair::prepare_on(Some(&server)).await;
    pair.ours.start(&pair.folder, &[("WAYBILL__DATABASE__ACQUIRE_TIMEOUT", "1s")]).await;
    pair.robot.start(&pair.folder, &[]).await;
    let ours = pair.ours.party;
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;

    blocking(&server, Server::stop).await;
    for path in [format!("/v1/verifications/{uuid}"), "/v1/verifications".to_owned()] {
        let refused = ours.api.get(&path).await;
        refused.is_refused(503, "DATABASE-UNAVAILABLE");
        assert_eq!(refused.headers["retry-after"], "2", "{refused:?}");
    }
    let refused = ours.api.post("/v1/verifications", &verification()).await;
    refused.is_refused(503, "DATABASE-UNAVAILABLE");
    assert_eq!(refused.headers["retry-after"], "2", "{refused:?}");
    assert!(pair.ours.running().is_running(), "it waits");

    blocking(&server, Server::start).await;
    eventually("it works again", SOON, async || {
        (ours.api.get(&format!("/v1/verifications/{uuid}")).await.status == 200).then_some(())
    })
    .await;
    ours.verify_until(&verification(), "VERIFIED").await;
    assert_eq!(ours.list("").await.0, 2, "what was refused was not done");
    let log = pair.ours.running().stderr();
    let told = |what: &str| log.lines().filter(|line| line.contains(what)).count();
    let (away, back) = (told("the database is away"), told("the database is back"));
    assert!((1..=2).contains(&away) && back == away, "{log}"); // a busy machine may be slow once
    assert!(told("commands could not be claimed") <= 1, "nobody repeats it every second: {log}");
    drop(pair);
}
