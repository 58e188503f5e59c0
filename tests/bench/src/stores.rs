//! Operations of the store, as a verification makes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use waybill_domain::{Clock as _, CommandId};
use waybill_runtime::SystemClock;
use waybill_store::tables::commands::{self, CommandLease, NewCommand};
use waybill_store::tables::verifications;
use waybill_store::{Store, StoreError};

use crate::load::closed_loop;
use crate::row::{row, uuid};

const KIND: &str = "BENCH";
const EACH: Duration = Duration::from_secs(4);
const IN_FLIGHT: [usize; 3] = [1, 8, 32];

/// Prints operations per second and their times, with one and with many at a time.
pub async fn measure(name: &str, store: &Store) -> anyhow::Result<()> {
    let next = Arc::new(AtomicU64::new(0));
    for in_flight in IN_FLIGHT {
        let (of, numbers) = (store.clone(), Arc::clone(&next));
        let accepted =
            closed_loop(in_flight, EACH, move || accept(of.clone(), numbers.fetch_add(1, Ordering::Relaxed)));
        println!("{name:<11} accept, {in_flight:>2} at a time    {}", accepted.await?.line());
        let of = store.clone();
        let worked = closed_loop(in_flight, EACH, move || work(of.clone()));
        println!("{name:<11} claim + finish, {in_flight:>2}       {}", worked.await?.line());
        let (of, known) = (store.clone(), next.load(Ordering::Relaxed));
        let numbers = Arc::new(AtomicU64::new(0));
        let found = closed_loop(in_flight, EACH, move || {
            find(of.clone(), numbers.fetch_add(1, Ordering::Relaxed) % known)
        });
        println!("{name:<11} find, {in_flight:>2} at a time      {}", found.await?.line());
    }
    Ok(())
}

/// What ingress writes for a verification: the record and its command.
async fn accept(store: Store, number: u64) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let work = store.write("bench::accept", number, |tx, number| {
        Box::pin(async move {
            verifications::insert(tx, &row(*number)).await?;
            let id = CommandId::new(i64::try_from(*number).unwrap_or(i64::MAX));
            let body = format!("{{\"verificationUuid\":\"{}\"}}", uuid(*number));
            commands::insert(tx, &NewCommand::new(id, KIND, body, SystemClock.now())).await
        })
    });
    work.await.map_err(|error: StoreError| error)?;
    Ok(begun.elapsed())
}

/// What a worker writes for a command: it takes one, and finishes it.
async fn work(store: Store) -> anyhow::Result<Duration> {
    static CLAIMS: AtomicU64 = AtomicU64::new(0);
    let begun = Instant::now();
    let token = format!("{:016x}", CLAIMS.fetch_add(1, Ordering::Relaxed));
    let claim = store.write("bench::claim", token, |tx, token| {
        Box::pin(async move {
            let lease = CommandLease { token: token.clone(), length: Duration::from_secs(60) };
            commands::claim(tx, KIND, 1, &lease).await
        })
    });
    let claimed = claim.await.map_err(|error: StoreError| error)?;
    for command in claimed {
        let finish =
            store.write("bench::finish", command, |tx, command| Box::pin(commands::finish(tx, command)));
        finish.await.map_err(|error: StoreError| error)?;
    }
    Ok(begun.elapsed())
}

async fn find(store: Store, number: u64) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let found = store.read("bench::find", number, |tx, number| {
        Box::pin(async move { verifications::find(tx, uuid(*number)).await })
    });
    let found = found.await.map_err(|error: StoreError| error)?;
    anyhow::ensure!(found.is_some(), "the row is gone");
    Ok(begun.elapsed())
}
