//! What belongs to a destination or a caller holds over all processes of a service.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;
use waybill_store::tables::commands::{self, CommandFilter, CommandRow, CommandStatus};
use waybill_store::tables::open_breakers::{self, OpenBreaker};
use waybill_store::{Store, StoreError};
use waybill_testkit::{Program, eventually};
use waybill_tests::{Client, Node, ROBOT_ID, SOON, verification};

use super::front::Front;
use super::processes::{prepared, service_with, stop};
use crate::withdrawals::PATIENCE;

const CALLS_AT_ONCE: usize = 5;

/// A test's own look into a node's database.
struct Records(Store);

impl Records {
    async fn of(node: &Node) -> Self {
        Self(Store::open(&node.database.options()).await.expect("the database opens"))
    }

    async fn suspended(&self) -> Vec<OpenBreaker> {
        let read =
            self.0.read("test", (), |tx, ()| Box::pin(open_breakers::all(tx, Duration::from_secs(3600))));
        let all: Result<_, StoreError> = read.await;
        all.expect("it is read")
    }

    /// Questions that wait until they are due again.
    async fn parked(&self) -> Vec<CommandRow> {
        let status = Some(CommandStatus::Created);
        let filter = CommandFilter { kind: Some("VERIFY".to_owned()), status, ..CommandFilter::default() };
        let read = self.0.read("test", filter, |tx, filter| Box::pin(commands::list(tx, filter, 100)));
        let all: Result<Vec<CommandRow>, StoreError> = read.await;
        all.expect("it is read").into_iter().filter(|row| row.attempts > 0).collect()
    }
}

#[tokio::test]
async fn two_processes_call_a_member_as_one_would_and_leave_it_alone_together() {
    let mut pair = prepared().await;
    let front = Front::of_robot(&pair).await;
    pair.robot.start(&pair.folder, &[]).await;
    let concurrency = CALLS_AT_ONCE.to_string();
    let settings = [
        ("WAYBILL__PEERS__CONCURRENCY_PER_PEER", &*concurrency),
        ("WAYBILL__PEERS__BREAKER_FAILURES", "3"),
        ("WAYBILL__PEERS__BREAKER_OPEN", "4s"),
    ];
    let mut services: Vec<Program> = Vec::new();
    let second_port = (pair.ours.party.listener.port() + 10).to_string();
    let second_bind = format!("127.0.0.1:{second_port}");
    for name in ["keys", "callback", "relay", "ingress", "counterparty"] {
        services.push(service_with(&pair.ours, &pair, name, 1, &settings).await);
    }
    let second = [&settings[..], &[("WAYBILL__LISTENER__BIND", &*second_bind)]].concat();
    services.push(service_with(&pair.ours, &pair, "counterparty", 2, &second).await);
    let ours = pair.ours.party;

    // As many at once as one process might have, and more than either has by itself.
    let verify = || async { ours.verify(&verification()).await };
    let uuids = join_all((0..24).map(|_| verify())).await;
    for uuid in &uuids {
        ours.until(uuid, "VERIFIED").await;
    }
    let most = front.most();
    assert!(most > CALLS_AT_ONCE.div_ceil(2) && most <= CALLS_AT_ONCE, "{most} at once");

    front.break_down();
    let records = Records::of(&pair.ours).await;
    let early = join_all((0..8).map(|_| verify())).await;
    let member = format!("vasp:{ROBOT_ID}");
    eventually("the member is left alone", SOON, async || {
        records
            .suspended()
            .await
            .iter()
            .any(|open| open.destination == member && open.left > Duration::ZERO)
            .then_some(())
    })
    .await;
    let late = join_all((0..8).map(|_| verify())).await;
    eventually("every question is parked, whichever process took it", SOON, async || {
        (records.parked().await.len() == early.len() + late.len()).then_some(())
    })
    .await;
    // From now on nobody calls until the pause is over.
    let left = eventually("a pause has begun", SOON, async || {
        records.suspended().await.first().map(|open| open.left).filter(|left| *left > Duration::from_secs(2))
    })
    .await;
    let (before, quiet_until) = (front.messages(), Instant::now() + left - Duration::from_secs(1));
    eventually("the pause is nearly over", SOON, async || (Instant::now() >= quiet_until).then_some(()))
        .await;
    assert_eq!(front.messages(), before, "nobody called");

    front.repair();
    for uuid in early.iter().chain(&late) {
        let record = format!("/v1/verifications/{uuid}");
        eventually("the question is answered", PATIENCE, async || {
            let record = ours.api.get(&record).await.ok();
            (record["result"] == "VERIFIED").then_some(())
        })
        .await;
    }
    assert!(front.most() <= CALLS_AT_ONCE, "{} at once", front.most());
    assert_eq!(records.suspended().await, []);
    records.0.close().await;
    join_all(services.iter_mut().map(stop)).await;
    pair.robot.stop().await;
}

#[tokio::test]
async fn two_private_apis_let_a_caller_do_what_one_would() {
    let pair = prepared().await;
    let (rate, burst) = (5, 30);
    let (rate_text, burst_text) = (rate.to_string(), burst.to_string());
    let settings =
        [("WAYBILL__INGRESS__RATE_PER_SECOND", &*rate_text), ("WAYBILL__INGRESS__RATE_BURST", &*burst_text)];
    let port = pair.ours.party.api.port();
    let bind = format!("127.0.0.1:{}", port + 10);
    let mut one = service_with(&pair.ours, &pair, "ingress", 1, &settings).await;
    let second = [&settings[..], &[("WAYBILL__INGRESS__BIND", &*bind)]].concat();
    let mut two = service_with(&pair.ours, &pair, "ingress", 2, &second).await;

    let started = Instant::now();
    let ask = |number: u16| async move {
        Client::new(port + 10 * (number % 2)).get("/v1/verifications").await.status.as_u16()
    };
    let statuses = join_all((0..90).map(ask)).await;
    let passed = statuses.iter().filter(|status| **status == 200).count();
    let most = burst + (started.elapsed().as_secs_f64() * f64::from(rate)).ceil() as usize;
    assert!(passed <= most && passed >= burst, "{passed} of at most {most}: {statuses:?}");
    assert!(statuses.iter().all(|status| [200, 429].contains(status)), "{statuses:?}");

    stop(&mut two).await;
    stop(&mut one).await;
}
