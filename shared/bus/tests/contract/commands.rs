//! What becomes of a command.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::mpsc;
use waybill_bus::{BusOptions, Claim, CommandHandler, Outcome};
use waybill_jobs::{Command as _, NotifyExpiry, VerifyCounterparty};
use waybill_runtime::Traceparent;
use waybill_store::StoreError;
use waybill_store::tables::commands::CommandStatus;

use crate::house::*;

pub async fn a_command_is_done_once_and_at_once(open: Opener) {
    let house =
        open.house(BusOptions { idle_poll: Duration::from_secs(3600), ..BusOptions::default() }).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    house.worker.work(Script(seen, |_, _| Outcome::Done), 4);
    let command = notice(&house, 1);
    house.add(vec![command.clone()]).await;
    assert_eq!(commands.recv().await, Some((verification(1), 1)));
    house.until_done(&command).await;
    house.drain().await;
    assert!(commands.try_recv().is_err());
}

pub async fn the_handler_decides_between_retry_and_giving_up(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    let script = |uuid, attempt| match (uuid, attempt) {
        (uuid, 1 | 2) if uuid == verification(1) => Outcome::retry(Duration::from_millis(20), "not yet"),
        (uuid, _) if uuid == verification(1) => Outcome::Done,
        _ => Outcome::dead("never"),
    };
    house.worker.work(Script(seen, script), 4);
    let (patient, hopeless) = (notice(&house, 1), notice(&house, 2));
    house.add(vec![patient.clone(), hopeless.clone()]).await;
    house.until_done(&patient).await;
    house.drain().await;
    assert_eq!(house.status(&patient).await, (CommandStatus::Done, 3));
    assert_eq!(house.status(&hopeless).await, (CommandStatus::Error, 1));
    let mut count = 0;
    while commands.try_recv().is_ok() {
        count += 1;
    }
    assert_eq!(count, 4);
}

/// Tells in which trace it works.
struct Tracer(mpsc::UnboundedSender<Option<Traceparent>>);

#[async_trait]
impl CommandHandler<NotifyExpiry> for Tracer {
    async fn handle(&self, _: NotifyExpiry, _: &Claim) -> Result<Outcome, StoreError> {
        self.0.send(Traceparent::current()).unwrap();
        Ok(Outcome::Done)
    }
}

pub async fn a_handler_works_on_the_next_step_of_its_trace(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let (seen, mut traces) = mpsc::unbounded_channel();
    house.worker.work(Tracer(seen), 1);
    let cause = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    house.add(vec![notice(&house, 1).traced(Some(cause.to_owned()))]).await;
    let step = traces.recv().await.unwrap().unwrap().to_string();
    assert_eq!(step[..36], cause[..36], "the same trace");
    assert_ne!(step, cause, "its next step");
    for none in [None, Some("no trace".to_owned())] {
        house.add(vec![notice(&house, 1).traced(none)]).await;
        assert_eq!(traces.recv().await.unwrap(), None);
    }
}

pub async fn what_waits_is_done_by_the_next_process(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let commands: Vec<_> = (0..50).map(|byte| notice(&house, byte)).collect();
    house.add(commands.clone()).await;
    let (seen, mut handled) = mpsc::unbounded_channel();
    house.worker.work(Script(seen, |_, _| Outcome::Done), 8);
    for command in &commands {
        house.until_done(command).await;
    }
    house.drain().await;
    let mut count = 0;
    while handled.try_recv().is_ok() {
        count += 1;
    }
    assert_eq!(count, 50);
}

pub async fn a_body_of_another_form_is_given_up_and_loses_nobody_else(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    house.worker.work(Script(seen, |_, _| Outcome::Done), 2);
    let mut poison = notice(&house, 1);
    poison.body = "{\"unexpected\":true}".to_owned();
    let good = notice(&house, 2);
    house.add(vec![poison.clone(), good.clone()]).await;
    house.until_done(&good).await;
    house.drain().await;
    assert_eq!(house.status(&poison).await.0, CommandStatus::Error);
    assert_eq!(commands.recv().await, Some((verification(2), 1)));
}

pub async fn kinds_do_not_meet(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    house.worker.work(Script(seen, |_, _| Outcome::Done), 2);
    let other = house.bus.command(&VerifyCounterparty { verification_uuid: verification(9) });
    let mine = notice(&house, 1);
    assert_ne!(NotifyExpiry::KIND, VerifyCounterparty::KIND);
    house.add(vec![other.clone(), mine.clone()]).await;
    house.until_done(&mine).await;
    house.drain().await;
    assert_eq!(house.status(&other).await, (CommandStatus::Created, 0));
    assert_eq!(commands.recv().await, Some((verification(1), 1)));
}

pub async fn a_delayed_command_waits_for_its_time(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    house.worker.work(Script(seen, |_, _| Outcome::Done), 2);
    let later = notice(&house, 1).after(Duration::from_millis(700));
    let never = notice(&house, 2).after(Duration::from_secs(3600));
    house.add(vec![later.clone(), never.clone(), notice(&house, 3)]).await;
    assert_eq!(commands.recv().await, Some((verification(3), 1)));
    assert_eq!(house.status(&later).await, (CommandStatus::Created, 0));
    house.until_done(&later).await;
    assert_eq!(house.status(&never).await, (CommandStatus::Created, 0));
    house.drain().await;
}

/// The first five are given back until the last five are done.
pub async fn nobody_relies_on_the_order_of_commands(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    let done = Arc::new(AtomicU32::new(0));
    let script = move |uuid, _| {
        if (5..10).any(|byte| uuid == verification(byte)) {
            done.fetch_add(1, Ordering::SeqCst);
            Outcome::Done
        } else if done.load(Ordering::SeqCst) == 5 {
            Outcome::Done
        } else {
            Outcome::retry(Duration::from_millis(50), "not yet")
        }
    };
    house.worker.work(Script(seen, script), 3);
    let all: Vec<_> = (0..10).map(|byte| notice(&house, byte)).collect();
    house.add(all.clone()).await;
    for command in &all {
        house.until_done(command).await;
    }
    house.drain().await;
    let mut attempts = std::collections::HashMap::<_, u32>::new();
    while let Ok((uuid, attempt)) = commands.try_recv() {
        *attempts.entry(uuid).or_default() += 1;
        assert_eq!(attempts[&uuid], attempt, "each attempt once");
    }
    assert!((5..10).all(|byte| attempts[&verification(byte)] == 1));
}

/// Works for a moment.
struct Thorough(mpsc::UnboundedSender<()>);

#[async_trait]
impl CommandHandler<NotifyExpiry> for Thorough {
    async fn handle(&self, _: NotifyExpiry, _: &Claim) -> Result<Outcome, StoreError> {
        self.0.send(()).unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok(Outcome::Done)
    }
}

pub async fn draining_waits_for_the_work_in_hand(open: Opener) {
    let house = open.house(BusOptions::default()).await;
    let (seen, mut begun) = mpsc::unbounded_channel();
    house.worker.work(Thorough(seen), 1);
    let (first, second) = (notice(&house, 1), notice(&house, 2));
    house.add(vec![first.clone()]).await;
    begun.recv().await.unwrap();
    house.add(vec![second.clone()]).await;
    house.worker.drain().await;
    assert_eq!(house.status(&first).await, (CommandStatus::Done, 1));
    assert_eq!(house.status(&second).await.0, CommandStatus::Created, "not begun any more");
    house.drain().await;
}
