//! Workers that do not come back.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio::time::Instant;
use waybill_bus::{Bus, BusOptions, Claim, CommandHandler, Outcome};
use waybill_jobs::NotifyExpiry;
use waybill_store::StoreError;
use waybill_store::tables::commands::CommandStatus;
use waybill_testkit::{MockClock, SeededEntropy};

use crate::house::*;

/// The database's and the test's.
const CLOCKS_DIFFER: Duration = Duration::from_millis(50);

struct HangsOnce(AtomicU32);

#[async_trait]
impl CommandHandler<NotifyExpiry> for HangsOnce {
    async fn handle(&self, _: NotifyExpiry, _: &Claim) -> Result<Outcome, StoreError> {
        if self.0.fetch_add(1, Ordering::SeqCst) == 0 {
            std::future::pending::<()>().await;
        }
        Ok(Outcome::Done)
    }
}

pub async fn a_worker_that_hangs_loses_its_command_to_the_next(open: Opener) {
    let lease = Duration::from_millis(300);
    let house = open
        .house(BusOptions { lease, lease_check: Duration::from_millis(50), ..BusOptions::default() })
        .await;
    house.worker.watch_leases();
    house.worker.work(HangsOnce(AtomicU32::new(0)), 2);
    let command = notice(&house, 1);
    house.add(vec![command.clone()]).await;
    house.until_done(&command).await;
    assert_eq!(house.status(&command).await.1, 2);
    house.drain().await;
}

/// Panics at some of its commands, and does the others.
struct Panics;

#[async_trait]
impl CommandHandler<NotifyExpiry> for Panics {
    async fn handle(&self, command: NotifyExpiry, _: &Claim) -> Result<Outcome, StoreError> {
        if command.verification_uuid == verification(1) {
            std::panic::resume_unwind(Box::new("no print"));
        }
        Ok(Outcome::Done)
    }
}

pub async fn a_command_that_makes_its_handler_panic_is_given_up_at_last(open: Opener) {
    let after_panic = Duration::from_millis(20);
    let house = open.house(BusOptions { after_panic, most_lost: 3, ..BusOptions::default() }).await;
    house.worker.work(Panics, 4);
    let (bad, good) = (notice(&house, 1), notice(&house, 2));
    house.add(vec![bad.clone(), good.clone()]).await;
    house.until_done(&good).await;
    house.until(&bad, CommandStatus::Error).await;
    house.drain().await;
    assert_eq!(house.status(&bad).await, (CommandStatus::Error, 3));
}

pub async fn a_command_added_with_a_lease_waits_for_whoever_added_it(open: Opener) {
    let house =
        open.house(BusOptions { lease_check: Duration::from_millis(50), ..BusOptions::default() }).await;
    house.worker.watch_leases();
    let (seen, mut commands) = mpsc::unbounded_channel();
    house.worker.work(Script(seen, |_, _| Outcome::Done), 2);
    let (begun, lease) = (Instant::now(), Duration::from_millis(400));
    let leased = notice(&house, 1).leased(house.bus.lease(lease));
    house.add(vec![leased.clone()]).await;
    assert_eq!(commands.recv().await, Some((verification(1), 2)), "handed out when its lease ended");
    assert!(begun.elapsed() >= lease - CLOCKS_DIFFER, "{:?}", begun.elapsed());
    house.add(vec![notice(&house, 2)]).await;
    assert_eq!(commands.recv().await, Some((verification(2), 1)), "at once, without one");
    house.until_done(&leased).await;
    house.drain().await;
}

pub async fn what_a_dead_process_held_is_taken_over_at_once(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let held = notice(&house, 1).leased(house.bus.lease(Duration::from_secs(3600)));
    house.add(vec![held.clone()]).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    assert_eq!(house.bus.take_over().await.unwrap(), 1);
    house.worker.work(Script(seen, |_, _| Outcome::Done), 2);
    house.until_done(&held).await;
    assert_eq!(commands.recv().await.map(|(uuid, _)| uuid), Some(verification(1)));
    assert_eq!(house.bus.take_over().await.unwrap(), 0);
    house.drain().await;
}

pub async fn a_process_that_shares_the_database_takes_over_only_its_own(open: Opener) {
    let named = |worker: &str| BusOptions { worker: Some(worker.to_owned()), ..BusOptions::default() };
    let house = open.house(named("aaaa")).await;
    let other = Bus::embedded(
        house.store.clone(),
        named("bbbb"),
        MockClock::default().shared(),
        SeededEntropy::new(4).shared(),
    );
    let held_by = |bus: &Bus, byte| {
        let lease = bus.lease(Duration::from_secs(3600));
        notice(&house, byte).leased(lease)
    };
    let (ours, theirs) = (held_by(&house.bus, 1), held_by(&other, 2));
    house.add(vec![ours.clone(), theirs.clone()]).await;
    assert_eq!(house.bus.take_over().await.unwrap(), 1);
    assert_eq!(house.status(&ours).await.0, CommandStatus::Created);
    assert_eq!(house.status(&theirs).await.0, CommandStatus::Processing);
    assert_eq!(other.take_over().await.unwrap(), 1);
}
