//! Commands on the embedded bus, over a real database file.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::mpsc;
use waybill_bus::{Bus, BusOptions, Claim, CommandHandler, Outcome, RequestHandler};
use waybill_domain::{Fault, VerificationUuid};
use waybill_jobs::{Command, InquireTransaction, NotifyExpiry, TransactionAnswer, VerifyCounterparty};
use waybill_runtime::Traceparent;
use waybill_store::tables::commands::{self, CommandStatus, NewCommand};
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder, eventually};

struct House {
    store: Store,
    bus: Bus,
    _folder: TestFolder,
}

async fn house(options: BusOptions) -> House {
    let folder = TestFolder::new();
    let options_of_store = StoreOptions::Sqlite { path: folder.path().join("test.sqlite"), readers: 2 };
    let store = Store::open(&options_of_store).await.unwrap();
    let bus =
        Bus::embedded(store.clone(), options, MockClock::default().shared(), SeededEntropy::new(3).shared());
    House { store, bus, _folder: folder }
}

impl House {
    async fn add(&self, commands: Vec<NewCommand>) {
        let added = self.store.write("test", commands, |tx, commands| {
            Box::pin(async move {
                for command in commands {
                    commands::insert(tx, command).await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        added.await.unwrap();
    }

    async fn status(&self, command: &NewCommand) -> (CommandStatus, u32) {
        let row = self.store.read("test", command.id, |tx, id| Box::pin(commands::find(tx, *id)));
        let row = row.await.unwrap_or_else(|error: StoreError| panic!("{error}")).unwrap();
        (row.status, row.attempts)
    }

    async fn until_done(&self, command: &NewCommand) {
        eventually("the command is done", Duration::from_secs(10), || async {
            (self.status(command).await.0 == CommandStatus::Done).then_some(())
        })
        .await;
    }
}

fn verification(byte: u8) -> VerificationUuid {
    VerificationUuid::from_random([byte; 16])
}

fn notice(house: &House, byte: u8) -> NewCommand {
    house.bus.command(&NotifyExpiry { verification_uuid: verification(byte) })
}

/// Reports each command it sees and answers as told.
struct Script<F>(mpsc::UnboundedSender<(VerificationUuid, u32)>, F);

#[async_trait]
impl<F> CommandHandler<NotifyExpiry> for Script<F>
where
    F: Fn(VerificationUuid, u32) -> Outcome + Send + Sync + 'static,
{
    async fn handle(&self, command: NotifyExpiry, claim: &Claim) -> Result<Outcome, StoreError> {
        self.0.send((command.verification_uuid, claim.attempts())).unwrap();
        Ok((self.1)(command.verification_uuid, claim.attempts()))
    }
}

#[tokio::test]
async fn a_command_is_done_once_and_at_once() {
    let house = house(BusOptions { idle_poll: Duration::from_secs(3600), ..BusOptions::default() }).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    house.bus.work(Script(seen, |_, _| Outcome::Done), 4);
    let command = notice(&house, 1);
    house.add(vec![command.clone()]).await;
    assert_eq!(commands.recv().await, Some((verification(1), 1)));
    house.until_done(&command).await;
    house.bus.drain().await;
    assert!(commands.try_recv().is_err());
}

#[tokio::test]
async fn the_handler_decides_between_retry_and_giving_up() {
    let house = house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    let script = |uuid, attempt| match (uuid, attempt) {
        (uuid, 1 | 2) if uuid == verification(1) => Outcome::retry(Duration::from_millis(20), "not yet"),
        (uuid, _) if uuid == verification(1) => Outcome::Done,
        _ => Outcome::dead("never"),
    };
    house.bus.work(Script(seen, script), 4);
    let (patient, hopeless) = (notice(&house, 1), notice(&house, 2));
    house.add(vec![patient.clone(), hopeless.clone()]).await;
    house.until_done(&patient).await;
    house.bus.drain().await;
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

#[tokio::test]
async fn a_handler_works_on_the_next_step_of_its_trace() {
    let house = house(BusOptions::default()).await;
    let (seen, mut traces) = mpsc::unbounded_channel();
    house.bus.work(Tracer(seen), 1);
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

#[tokio::test]
async fn a_worker_that_hangs_loses_its_command_to_the_next() {
    let lease = Duration::from_millis(300);
    let house =
        house(BusOptions { lease, lease_check: Duration::from_millis(50), ..BusOptions::default() }).await;
    house.bus.watch_leases();
    house.bus.work(HangsOnce(AtomicU32::new(0)), 2);
    let command = notice(&house, 1);
    house.add(vec![command.clone()]).await;
    house.until_done(&command).await;
    assert_eq!(house.status(&command).await.1, 2);
    house.bus.drain().await;
}

#[tokio::test]
async fn a_command_added_with_a_lease_waits_for_whoever_added_it() {
    let house = house(BusOptions { lease_check: Duration::from_millis(50), ..BusOptions::default() }).await;
    house.bus.watch_leases();
    let (seen, mut commands) = mpsc::unbounded_channel();
    house.bus.work(Script(seen, |_, _| Outcome::Done), 2);
    let leased = notice(&house, 1).leased(house.bus.lease(Duration::from_millis(400)));
    house.add(vec![leased.clone()]).await;
    let other = notice(&house, 2);
    house.add(vec![other]).await;
    assert_eq!(commands.recv().await, Some((verification(2), 1)));
    assert_eq!(commands.recv().await, Some((verification(1), 2)), "handed out when its lease ended");
    house.until_done(&leased).await;
    house.bus.drain().await;
}

#[tokio::test]
async fn later_commands_of_a_group_wait_while_the_earlier_one_holds_them() {
    let house = house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    let script = |uuid, attempt| {
        if uuid == verification(1) && attempt < 3 {
            Outcome::retry(Duration::from_millis(50), "not yet")
        } else {
            Outcome::Done
        }
    };
    house.bus.work(Script(seen, script), 8);
    let hold = Duration::from_secs(60);
    let group: Vec<_> = (1..=3).map(|byte| notice(&house, byte).in_group("g").holding(hold)).collect();
    house.add(group.clone()).await;
    house.until_done(&group[2]).await;
    house.bus.drain().await;
    let mut order = Vec::new();
    while let Ok((uuid, _)) = commands.try_recv() {
        order.push(uuid);
    }
    let first = verification(1);
    assert_eq!(order, [first, first, first, verification(2), verification(3)]);
}

#[tokio::test]
async fn a_hold_ends_by_itself() {
    let house = house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    let script = |uuid, _| {
        if uuid == verification(1) {
            Outcome::retry(Duration::from_secs(3600), "never")
        } else {
            Outcome::Done
        }
    };
    house.bus.work(Script(seen, script), 8);
    let held = |byte| notice(&house, byte).in_group("g").holding(Duration::from_millis(200));
    let group = vec![held(1), held(2)];
    house.add(group.clone()).await;
    house.until_done(&group[1]).await;
    assert_eq!(commands.recv().await, Some((verification(1), 1)));
    assert_eq!(commands.recv().await, Some((verification(2), 1)));
    house.bus.drain().await;
}

#[tokio::test]
async fn what_waits_is_done_by_the_next_process() {
    let house = house(BusOptions::default()).await;
    let commands: Vec<_> = (0..50).map(|byte| notice(&house, byte)).collect();
    house.add(commands.clone()).await;
    let (seen, mut handled) = mpsc::unbounded_channel();
    house.bus.work(Script(seen, |_, _| Outcome::Done), 8);
    for command in &commands {
        house.until_done(command).await;
    }
    house.bus.drain().await;
    let mut count = 0;
    while handled.try_recv().is_ok() {
        count += 1;
    }
    assert_eq!(count, 50);
}

#[tokio::test]
async fn what_a_dead_process_held_is_taken_over_at_once() {
    let house = house(BusOptions::default()).await;
    let held = notice(&house, 1).leased(house.bus.lease(Duration::from_secs(3600)));
    house.add(vec![held.clone()]).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    assert_eq!(house.bus.take_over().await.unwrap(), 1);
    house.bus.work(Script(seen, |_, _| Outcome::Done), 2);
    house.until_done(&held).await;
    assert_eq!(commands.recv().await.map(|(uuid, _)| uuid), Some(verification(1)));
    assert_eq!(house.bus.take_over().await.unwrap(), 0);
    house.bus.drain().await;
}

#[tokio::test]
async fn a_process_that_shares_the_database_takes_over_only_its_own() {
    let named = |worker: &str| BusOptions { worker: Some(worker.to_owned()), ..BusOptions::default() };
    let house = house(named("aaaa")).await;
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

#[tokio::test]
async fn a_body_of_another_form_is_given_up_and_loses_nobody_else() {
    let house = house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    house.bus.work(Script(seen, |_, _| Outcome::Done), 2);
    let mut poison = notice(&house, 1);
    poison.body = "{\"unexpected\":true}".to_owned();
    let good = notice(&house, 2);
    house.add(vec![poison.clone(), good.clone()]).await;
    house.until_done(&good).await;
    house.bus.drain().await;
    assert_eq!(house.status(&poison).await.0, CommandStatus::Error);
    assert_eq!(commands.recv().await, Some((verification(2), 1)));
}

#[tokio::test]
async fn kinds_do_not_meet() {
    let house = house(BusOptions::default()).await;
    let (seen, mut commands) = mpsc::unbounded_channel();
    house.bus.work(Script(seen, |_, _| Outcome::Done), 2);
    let other = house.bus.command(&VerifyCounterparty { verification_uuid: verification(9) });
    let mine = notice(&house, 1);
    assert_ne!(NotifyExpiry::KIND, VerifyCounterparty::KIND);
    house.add(vec![other.clone(), mine.clone()]).await;
    house.until_done(&mine).await;
    house.bus.drain().await;
    assert_eq!(house.status(&other).await, (CommandStatus::Created, 0));
    assert_eq!(commands.recv().await, Some((verification(1), 1)));
}

struct Inquiries(Arc<AtomicU32>);

#[async_trait]
impl RequestHandler<InquireTransaction> for Inquiries {
    async fn answer(&self, request: InquireTransaction) -> Result<TransactionAnswer, Fault> {
        self.0.fetch_add(1, Ordering::SeqCst);
        if request.verification_uuid == verification(1) {
            std::future::pending::<()>().await;
        }
        Err(Fault::new(404, "VERIFICATION-NOT-FOUND", "no"))
    }
}

#[tokio::test]
async fn requests_are_answered_refused_or_dropped() {
    let house = house(BusOptions::default()).await;
    let ask = |byte| {
        let request = InquireTransaction { verification_uuid: verification(byte) };
        let bus = house.bus.clone();
        async move { bus.ask(&request, Duration::from_millis(100)).await.unwrap_err().code }
    };
    assert_eq!(ask(0).await, "SERVICE-UNAVAILABLE", "nobody answers this kind");
    house.bus.serve(Inquiries(Arc::default()), 4);
    assert_eq!(ask(0).await, "VERIFICATION-NOT-FOUND");
    assert_eq!(ask(1).await, "REQUEST-TIMEOUT");
}
