//! What one process finds out about a destination holds for all.

use std::time::Duration;

use futures_util::future::join_all;
use waybill_egress::{BreakerState, EgressError, EgressOptions};
use waybill_store::StoreError;
use waybill_store::tables::open_breakers::{self, OpenBreaker};
use waybill_testkit::eventually;

use crate::processes::{Database, PATIENCE, Peer, Process};

const VASP: &str = "vasp:1";

async fn all_open(database: &Database) -> Vec<OpenBreaker> {
    let read =
        database.store.read("test", (), |tx, ()| Box::pin(open_breakers::all(tx, Duration::from_secs(3600))));
    read.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
}

#[tokio::test]
async fn a_destination_that_one_finds_in_trouble_is_left_alone_by_all() {
    let database = Database::new().await;
    let (peer, other) = (Peer::start(502).await, Peer::start(200).await);
    let options = EgressOptions {
        failures_to_open: 2,
        open_for: Duration::from_secs(30),
        operator_open_at_most: Duration::from_secs(30),
        ..EgressOptions::default()
    };
    let [one, two] = [1, 2].map(|number| Process::with(&database, number, options.clone()));
    for _ in 0..2 {
        assert_eq!(one.call(VASP, peer.address).await.unwrap(), 502);
    }
    eventually("the others can know", PATIENCE, async || {
        (all_open(&database).await.len() == 1).then_some(())
    })
    .await;
    eventually("the other process knows without a call", PATIENCE, async || {
        let three = Process::with(&database, 3, options.clone());
        let open = three.until_open(VASP, other.address).await;
        (open > Duration::from_secs(5)).then_some(())
    })
    .await;
    assert!(
        two.until_open(VASP, other.address).await > Duration::from_secs(5),
        "though its clock is another"
    );
    let before = peer.calls();
    assert!(matches!(two.call(VASP, peer.address).await, Err(EgressError::BreakerOpen { .. })));
    assert_eq!(peer.calls(), before);
    assert_eq!(two.call("vasp:2", other.address).await.unwrap(), 200, "nobody else is concerned");
    assert_eq!(one.call("vasp:2", other.address).await.unwrap(), 200);
}

#[tokio::test]
async fn one_process_probes_and_its_success_opens_the_way_for_all() {
    let database = Database::new().await;
    let peer = Peer::start(502).await;
    let processes: Vec<Process> = (1..=6).map(|number| Process::start(&database, number)).collect();
    for _ in 0..2 {
        processes[0].call(VASP, peer.address).await.unwrap();
    }
    for process in &processes {
        process.until_open(VASP, peer.address).await;
    }
    // The pause is over for everybody's own clock, and for the one that all have in common.
    let over = async || {
        let open = all_open(&database).await;
        open.iter().all(|open| open.left.is_zero()).then_some(())
    };
    eventually("the pause is over", PATIENCE, over).await;
    let asked = peer.calls();
    for process in &processes {
        process.clock.advance(Duration::from_secs(60));
    }
    let outcomes = join_all(processes.iter().map(|process| process.call(VASP, peer.address))).await;
    assert_eq!(peer.calls() - asked, 1, "{outcomes:?}");
    let suspended = outcomes.iter().filter(|it| matches!(it, Err(EgressError::BreakerOpen { .. }))).count();
    assert_eq!(suspended, 5, "{outcomes:?}");

    eventually("it was tried in vain once", PATIENCE, async || {
        let open = all_open(&database).await;
        open.iter().any(|open| open.failed_probes == 1 && !open.left.is_zero()).then_some(())
    })
    .await;
    peer.set(200);
    eventually("somebody probes again", PATIENCE, async || {
        for process in &processes {
            process.clock.advance(Duration::from_secs(60));
        }
        let outcomes = join_all(processes.iter().map(|process| process.call(VASP, peer.address))).await;
        outcomes.iter().any(Result::is_ok).then_some(())
    })
    .await;
    for process in &processes {
        process.until_closed(VASP).await;
    }
    assert_eq!(all_open(&database).await, []);
}

#[tokio::test]
async fn a_probe_that_is_given_up_leaves_the_way_to_another_process() {
    let database = Database::new().await;
    let hangs = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap(); // connects, and never answers
    let at = hangs.local_addr().unwrap();
    let (peer, failing) = (Peer::start(200).await, Peer::start(500).await);
    let [one, two] = [1, 2].map(|number| Process::start(&database, number));
    for _ in 0..2 {
        one.call(VASP, failing.address).await.unwrap();
    }
    two.until_open(VASP, peer.address).await;
    let started = eventually("one probes", PATIENCE, async || {
        one.clock.advance(Duration::from_secs(60));
        let mut probe = Box::pin(one.call(VASP, at));
        let taken = async {
            let at_it = async || {
                all_open(&database).await.iter().any(|open| !open.probed_for.is_zero()).then_some(())
            };
            eventually("it is noted", PATIENCE, at_it).await;
        };
        tokio::select! {
            ended = &mut probe => { assert!(ended.is_err(), "{ended:?}"); None }
            () = taken => Some(())
        }
    });
    started.await; // and the probe is dropped
    eventually("the other one may", PATIENCE, async || {
        two.clock.advance(Duration::from_secs(60));
        two.call(VASP, peer.address).await.ok()
    })
    .await;
    one.until_closed(VASP).await;
}

#[tokio::test]
async fn without_the_database_each_goes_by_what_it_knows() {
    let database = Database::new().await;
    let peer = Peer::start(502).await;
    let one = Process::start(&database, 1);
    database.store.close().await;
    for _ in 0..2 {
        assert_eq!(one.call(VASP, peer.address).await.unwrap(), 502);
    }
    one.until_open(VASP, peer.address).await;
    peer.set(200);
    one.clock.advance(Duration::from_secs(60));
    assert_eq!(one.call(VASP, peer.address).await.unwrap(), 200, "it probes without asking");
    assert_eq!(one.egress.breaker_state(VASP), BreakerState::Closed);
}

#[tokio::test]
async fn a_breaker_that_no_other_process_needs_is_not_told() {
    let database = Database::new().await;
    let peer = Peer::start(502).await;
    let one = Process::start(&database, 1);
    one.call_alone("health:1", peer.address).await.unwrap();
    one.call_alone("health:1", peer.address).await.unwrap();
    assert!(matches!(one.egress.breaker_state("health:1"), BreakerState::Open { .. }));
    for _ in 0..2 {
        one.call(VASP, peer.address).await.unwrap();
    }
    eventually("what is shared is told", PATIENCE, async || {
        (!all_open(&database).await.is_empty()).then_some(())
    })
    .await;
    let open: Vec<String> = all_open(&database).await.into_iter().map(|open| open.destination).collect();
    assert_eq!(open, [VASP]);
}
