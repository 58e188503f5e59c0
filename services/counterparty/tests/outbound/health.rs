//! The members' health is watched.

use std::time::Duration;

use axum::http::StatusCode;
use tokio::time::Instant;
use waybill_domain::VaspId;
use waybill_metrics::Exporter;
use waybill_store::StoreError;
use waybill_store::tables::member_health::{self, MemberHealth};
use waybill_testkit::eventually;

use crate::fixture::{OURS, PEER};
use crate::house::{House, Options};

/// Nobody else in this program shows it.
const SHOWN: VaspId = VaspId::new(4711);

async fn health_of(house: &House, id: VaspId) -> Option<MemberHealth> {
    let read = house.ctx.store.read("test", (), |tx, ()| Box::pin(member_health::all(tx)));
    let all = read.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    all.into_iter().find(|health| health.vasp_id == id)
}

async fn until(house: &House, id: VaspId, up: bool) {
    eventually("the member's health is known", Duration::from_secs(20), || async {
        health_of(house, id).await.filter(|health| health.up == up)
    })
    .await;
}

#[tokio::test]
async fn members_go_down_and_come_up_again() {
    let settings = vec![("WAYBILL__HEALTH__POLL_INTERVAL", "20ms"), ("WAYBILL__HEALTH__DOWN_AFTER", "2")];
    let house = House::with(Options { settings, ..Options::default() }).await;
    until(&house, PEER, true).await;
    until(&house, OURS, false).await; // nothing listens at our endpoint
    house.peer.set_health(StatusCode::SERVICE_UNAVAILABLE);
    until(&house, PEER, false).await;
    assert!(health_of(&house, PEER).await.unwrap().streak <= -2);
    house.peer.set_health(StatusCode::OK);
    house.clock.advance(Duration::from_secs(3600)); // past what the circuit breaker waits
    until(&house, PEER, true).await;
}

#[tokio::test]
async fn the_watch_ends_with_the_node_and_gives_its_lease_back() {
    let house = House::new().await;
    until(&house, PEER, true).await;
    house.ctx.shutdown.begin();
    eventually("the lease is free", Duration::from_secs(20), || async {
        let acquire = house.ctx.store.write("test", (), |tx, ()| {
            let length = Duration::from_millis(1);
            Box::pin(waybill_store::tables::leases::acquire(tx, "member-health", "another", length))
        });
        acquire.await.unwrap_or_else(|error: StoreError| panic!("{error}")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn of_several_processes_one_polls_and_when_it_dies_another_does() {
    let settings = vec![("WAYBILL__HEALTH__POLL_INTERVAL", "100ms"), ("WAYBILL__HEALTH__TIMEOUT", "100ms")];
    let house = House::with(Options { settings, ..Options::default() }).await;
    let second = house.another_process().await;
    until(&house, PEER, true).await;
    let (begun, before) = (Instant::now(), house.peer.polls());
    let after = eventually("it is polled again and again", Duration::from_secs(20), || async {
        Some(house.peer.polls()).filter(|polls| *polls >= before + 10)
    })
    .await;
    let most = begun.elapsed().as_millis() / 100 + 1;
    assert!((after - before) as u128 <= most, "{} polls, at most {most}", after - before);

    // Both go, and a third dies with the lease in hand.
    house.ctx.shutdown.begin();
    second.shutdown.begin();
    let length = Duration::from_secs(1);
    eventually("the lease is free", Duration::from_secs(20), || async {
        let acquire = house.ctx.store.write("test", (), move |tx, ()| {
            Box::pin(waybill_store::tables::leases::acquire(tx, "member-health", "dead", length))
        });
        acquire.await.unwrap_or_else(|error: StoreError| panic!("{error}")).then_some(())
    })
    .await;
    let fourth = house.another_process().await;
    let before = house.peer.polls();
    eventually("another one polls", Duration::from_secs(20), || async {
        (house.peer.polls() > before + 2).then_some(())
    })
    .await;
    fourth.shutdown.begin();
}

#[tokio::test]
async fn a_process_that_does_not_poll_shows_what_the_one_that_does_found() {
    let exporter = Exporter::install().unwrap();
    let shown = |up: u8| format!("waybill_member_up{{member=\"{SHOWN}\"}} {up}");
    let until_shown = async |up: u8| {
        eventually("it is shown", Duration::from_secs(20), || async {
            exporter.render().contains(&shown(up)).then_some(())
        })
        .await;
    };
    let settings = vec![("WAYBILL__HEALTH__POLL_INTERVAL", "20ms")];
    let house = House::with(Options { settings, peer: Some(SHOWN), ..Options::default() }).await;
    until_shown(1).await;
    house.ctx.shutdown.begin();
    eventually("another process polls", Duration::from_secs(20), || async {
        let acquire = house.ctx.store.write("test", (), |tx, ()| {
            let length = Duration::from_secs(3600);
            Box::pin(waybill_store::tables::leases::acquire(tx, "member-health", "another", length))
        });
        acquire.await.unwrap_or_else(|error: StoreError| panic!("{error}")).then_some(())
    })
    .await;
    let before = health_of(&house, SHOWN).await.unwrap();
    let put = house.ctx.store.write("test", MemberHealth { up: false, ..before }, |tx, down| {
        Box::pin(member_health::put(tx, down))
    });
    put.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    let second = house.another_process().await;
    until_shown(0).await;
    second.shutdown.begin();
}
