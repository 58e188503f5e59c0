//! What can happen with a broker: each command is done all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use lapin::options::{BasicPublishOptions, QueueDeclareOptions, QueueDeleteOptions, QueuePurgeOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::mpsc;
use waybill_bus::{AmqpOptions, BusOptions, Outcome, RequestHandler};
use waybill_domain::{Fault, TransactionStatus};
use waybill_jobs::{Command as _, InquireTransaction, NotifyExpiry, TransactionAnswer};
use waybill_store::tables::commands::{CommandStatus, NewCommand};
use waybill_testkit::servers::Broker;
use waybill_testkit::{ChaosProxy, eventually};

use crate::house::*;

const KIND: &str = NotifyExpiry::KIND;

/// RabbitMQ that is killed sooner after a queue was made or it was started may lose track of the queue: it has the files, and
/// neither confirms nor hands out until the queue is deleted (rabbitmq-server issues 11561, 15725; docs/OPERATIONS.md).
const UNTIL_ITS_NAMES_ARE_KEPT: Duration = Duration::from_secs(4);

pub fn quick() -> BusOptions {
    BusOptions { idle_poll: Duration::from_millis(200), ..BusOptions::default() }
}

/// A house whose broker is the test's own, to be stopped and killed.
pub async fn own_broker() -> (Arc<Broker>, AmqpOptions) {
    let broker = tokio::task::spawn_blocking(|| Broker::start_private("")).await.unwrap();
    let options = AmqpOptions::at(SecretString::from(broker.url().to_owned()));
    (Arc::new(broker), options)
}

pub async fn order(broker: &Arc<Broker>, order: fn(&Broker)) {
    let broker = Arc::clone(broker);
    tokio::task::spawn_blocking(move || order(&broker)).await.unwrap();
}

impl House {
    pub fn queue(&self) -> String {
        format!("{}.{KIND}", self.broker.as_ref().unwrap().prefix)
    }

    /// A channel beside the bus, as an operator could have one.
    pub async fn channel(&self) -> Channel {
        let url = self.broker.as_ref().unwrap().url.expose_secret();
        let connection = Connection::connect(url, ConnectionProperties::default()).await.unwrap();
        connection.create_channel().await.unwrap()
    }

    /// Messages that wait in the queue; none while there is no queue.
    pub async fn waiting(&self) -> u32 {
        waiting_in(&self.channel().await, &self.queue()).await
    }

    async fn send(&self, body: &[u8]) {
        let channel = self.channel().await;
        let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
        channel.basic_publish("".into(), self.queue().into(), options, body, properties).await.unwrap();
        channel.close(200, "done".into()).await.unwrap();
    }

    /// Works on everything; what it saw.
    pub fn works(&self) -> mpsc::UnboundedReceiver<(waybill_domain::VerificationUuid, u32)> {
        let (seen, commands) = mpsc::unbounded_channel();
        self.worker.work(Script(seen, |_, _| Outcome::Done), 8);
        commands
    }

    pub async fn all_done(&self, commands: &[NewCommand]) {
        for command in commands {
            self.until_done(command).await;
        }
    }
}

pub async fn waiting_in(channel: &Channel, queue: &str) -> u32 {
    let passive = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::durable() };
    let declared = channel.queue_declare(queue.into(), passive, FieldTable::default()).await;
    declared.map_or(0, |queue| queue.message_count())
}

pub fn some(house: &House, count: u8) -> Vec<NewCommand> {
    (0..count).map(|byte| notice(house, byte)).collect()
}

#[tokio::test]
async fn what_comes_twice_is_done_once() {
    let house = Opener::Amqp.house(quick()).await;
    let mut seen = house.works();
    let command = notice(&house, 1);
    house.add(vec![command.clone()]).await;
    house.until_done(&command).await;
    for _ in 0..3 {
        house.send(command.id.to_string().as_bytes()).await;
    }
    house.send(b"4711").await; // a command that is not there
    let next = notice(&house, 2);
    house.add(vec![next.clone()]).await;
    house.until_done(&next).await;
    eventually("every message is acknowledged", SOON, async || (house.waiting().await == 0).then_some(()))
        .await;
    house.drain().await;
    assert_eq!(seen.recv().await, Some((verification(1), 1)));
    assert_eq!(seen.recv().await, Some((verification(2), 1)));
    assert_eq!(seen.recv().await, None, "nothing else was handed out");
}

#[tokio::test]
async fn a_message_that_says_nothing_goes_to_the_dead_letters_and_stops_nobody() {
    let house = Opener::Amqp.house(quick()).await;
    let _seen = house.works();
    for body in [b"".as_slice(), b"no number", &[0xff, 0xfe], &[b'9'; 4096]] {
        house.send(body).await;
    }
    let command = notice(&house, 1);
    house.add(vec![command.clone()]).await;
    house.until_done(&command).await;
    house.worker.watch_leases(); // takes the dead letters
    let dead = format!("{}.dead", house.broker.as_ref().unwrap().prefix);
    eventually("the dead letters are taken", SOON, async || {
        let left = waiting_in(&house.channel().await, &dead).await + house.waiting().await;
        (left == 0).then_some(())
    })
    .await;
    house.drain().await;
}

#[tokio::test]
async fn what_was_added_while_no_worker_was_there_waits_in_the_queue() {
    let house = Opener::Amqp.house(quick()).await;
    let commands = some(&house, 20);
    house.add(commands.clone()).await;
    eventually("they are published", SOON, async || (house.waiting().await == 20).then_some(())).await;
    let mut seen = house.works();
    house.all_done(&commands).await;
    house.drain().await;
    let mut count = 0;
    while seen.recv().await.is_some() {
        count += 1;
    }
    assert_eq!(count, 20);
}

#[tokio::test]
async fn a_message_that_is_lost_is_sent_again() {
    let shared = at_the_shared_broker().await;
    let house = amqp(quick(), AmqpOptions { lost_after: Duration::from_millis(500), ..shared }).await;
    let commands = some(&house, 5);
    house.add(commands.clone()).await;
    eventually("they are published", SOON, async || (house.waiting().await == 5).then_some(())).await;
    house.channel().await.queue_purge(house.queue().into(), QueuePurgeOptions::default()).await.unwrap();
    let _seen = house.works();
    house.all_done(&commands).await;
    house.drain().await;
}

#[tokio::test]
async fn a_queue_that_is_deleted_under_its_workers_is_made_anew() {
    let shared = at_the_shared_broker().await;
    let house = amqp(quick(), AmqpOptions { lost_after: Duration::from_millis(500), ..shared }).await;
    let _seen = house.works();
    let before = some(&house, 3);
    house.add(before.clone()).await;
    house.all_done(&before).await;
    for round in 1..=3 {
        house
            .channel()
            .await
            .queue_delete(house.queue().into(), QueueDeleteOptions::default())
            .await
            .unwrap();
        let after: Vec<_> = (0..3).map(|byte| notice(&house, 10 * round + byte)).collect();
        house.add(after.clone()).await;
        house.all_done(&after).await;
    }
    house.drain().await;
}

#[tokio::test]
async fn a_full_queue_refuses_and_the_rest_waits_in_the_database() {
    let shared = at_the_shared_broker().await;
    let house = amqp(quick(), AmqpOptions { max_length: 10, ..shared }).await;
    let commands = some(&house, 100);
    house.add(commands.clone()).await;
    eventually("the queue is full", SOON, async || (house.waiting().await >= 10).then_some(())).await;
    let mut seen = house.works();
    house.all_done(&commands).await;
    house.drain().await;
    let mut count = 0;
    while seen.recv().await.is_some() {
        count += 1;
    }
    assert_eq!(count, 100, "each once");
}

#[tokio::test]
async fn queues_that_are_not_to_be_made_are_waited_for() {
    let shared = at_the_shared_broker().await;
    let house = amqp(quick(), AmqpOptions { declare: false, ..shared }).await;
    let _seen = house.works();
    let command = notice(&house, 1);
    house.add(vec![command.clone()]).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(house.status(&command).await, (CommandStatus::Created, 0));
    let mut quorum = FieldTable::default();
    quorum.insert("x-queue-type".into(), lapin::types::AMQPValue::LongString("quorum".into()));
    let channel = house.channel().await;
    for queue in [house.queue(), format!("{}.dead", house.broker.as_ref().unwrap().prefix)] {
        let declared = channel.queue_declare(queue.into(), QueueDeclareOptions::durable(), quorum.clone());
        declared.await.unwrap();
    }
    house.until_done(&command).await;
    house.drain().await;
}

#[tokio::test]
async fn draining_finishes_what_was_begun_and_leaves_the_rest() {
    let house = Opener::Amqp.house(quick()).await;
    let (seen, mut begun) = mpsc::unbounded_channel();
    house.worker.work(Slow(seen), 2);
    let commands = some(&house, 6);
    house.add(commands.clone()).await;
    begun.recv().await.unwrap();
    begun.recv().await.unwrap();
    house.worker.drain().await;
    let mut done = 0;
    for command in &commands {
        match house.status(command).await {
            (CommandStatus::Done, 1) => done += 1,
            (CommandStatus::Created, 0) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!((2..6).contains(&done), "{done}");
    eventually("the rest is in the queue", SOON, async || (house.waiting().await == 6 - done).then_some(()))
        .await;
    house.bus.drain().await;
}

struct Slow(mpsc::UnboundedSender<()>);

#[async_trait]
impl waybill_bus::CommandHandler<NotifyExpiry> for Slow {
    async fn handle(
        &self,
        _: NotifyExpiry,
        _: &waybill_bus::Claim,
    ) -> Result<Outcome, waybill_store::StoreError> {
        let _nobody_listens_any_more = self.0.send(());
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok(Outcome::Done)
    }
}

#[tokio::test]
async fn while_the_broker_is_away_commands_wait_and_nothing_is_asked() {
    let (broker, options) = own_broker().await;
    let house = amqp(quick(), options).await;
    let _seen = house.works();
    house.worker.serve(Answers, 2);
    for hard in [false, true] {
        tokio::time::sleep(UNTIL_ITS_NAMES_ARE_KEPT).await;
        order(&broker, if hard { Broker::kill9 } else { Broker::stop }).await;
        let commands = some(&house, 10);
        house.add(commands.clone()).await;
        let ask = InquireTransaction { verification_uuid: verification(1) };
        let refused = house.bus.ask(&ask, SOON).await.unwrap_err();
        assert_eq!(refused.code, "SERVICE-UNAVAILABLE");
        order(&broker, Broker::start).await;
        house.all_done(&commands).await;
        eventually("services can be asked again", SOON, async || {
            house.bus.ask(&ask, Duration::from_secs(5)).await.is_ok().then_some(())
        })
        .await;
    }
    house.drain().await;
}

#[tokio::test]
async fn a_broker_without_memory_takes_nothing_and_loses_nothing() {
    let (broker, options) = own_broker().await;
    let house = amqp(quick(), AmqpOptions { confirm_timeout: Duration::from_secs(2), ..options }).await;
    let _seen = house.works();
    let before = some(&house, 1);
    house.add(before.clone()).await;
    house.all_done(&before).await;
    order(&broker, Broker::raise_alarm).await;
    let commands: Vec<_> = (10..30).map(|byte| notice(&house, byte)).collect();
    house.add(commands.clone()).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    order(&broker, Broker::clear_alarm).await;
    house.all_done(&commands).await;
    house.drain().await;
}

#[tokio::test]
async fn connections_that_are_cut_or_stall_are_made_again() {
    let shared = at_the_shared_broker().await;
    let direct = url::Url::parse(shared.url.expose_secret()).unwrap();
    let upstream = format!("127.0.0.1:{}", direct.port().unwrap()).parse().unwrap();
    let proxy = ChaosProxy::start(upstream).await;
    let mut through = direct.clone();
    through.set_port(Some(proxy.address().port())).unwrap();
    through.set_query(Some("heartbeat=2"));
    let url = SecretString::from(through.to_string());
    let house = amqp(quick(), AmqpOptions { url, confirm_timeout: Duration::from_secs(2), ..shared }).await;
    let _seen = house.works();
    for round in 0..4 {
        let commands: Vec<_> = (0..10).map(|byte| notice(&house, 20 * round + byte)).collect();
        if round % 2 == 0 {
            proxy.cut();
        } else {
            proxy.stall();
        }
        house.add(commands.clone()).await;
        tokio::time::sleep(Duration::from_millis(if round % 2 == 0 { 200 } else { 3000 })).await;
        proxy.restore();
        house.all_done(&commands).await;
    }
    house.drain().await;
}

pub struct Answers;

#[async_trait]
impl RequestHandler<InquireTransaction> for Answers {
    async fn answer(&self, _: InquireTransaction) -> Result<TransactionAnswer, Fault> {
        Ok(TransactionAnswer { transaction_status: TransactionStatus::Pending, tx_hash: None, vout: None })
    }
}

struct Counts(Arc<AtomicU32>);

#[async_trait]
impl RequestHandler<InquireTransaction> for Counts {
    async fn answer(&self, _: InquireTransaction) -> Result<TransactionAnswer, Fault> {
        self.0.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(400)).await;
        Err(Fault::new(404, "VERIFICATION-NOT-FOUND", "no"))
    }
}

#[tokio::test]
async fn questions_that_nobody_waits_for_any_more_are_dropped() {
    let house = Opener::Amqp.house(quick()).await;
    let asked = Arc::new(AtomicU32::new(0));
    house.worker.serve(Counts(Arc::clone(&asked)), 1);
    let ask = |patience| {
        let bus = house.bus.clone();
        let request = InquireTransaction { verification_uuid: verification(1) };
        async move { bus.ask(&request, Duration::from_millis(patience)).await.unwrap_err().code }
    };
    eventually("the service is there", SOON, async || {
        (ask(5000).await == "VERIFICATION-NOT-FOUND").then_some(())
    })
    .await;
    let begun = asked.load(Ordering::SeqCst);
    let answers = futures_util::future::join_all((0..20).map(|_| ask(100))).await;
    assert!(answers.iter().all(|code| code == "REQUEST-TIMEOUT"), "{answers:?}");
    assert_eq!(ask(5000).await, "VERIFICATION-NOT-FOUND");
    let answered = asked.load(Ordering::SeqCst) - begun;
    assert!(answered <= 4, "most were dropped: {answered}");
    house.worker.drain().await;
    assert_eq!(ask(5000).await, "SERVICE-UNAVAILABLE", "nobody answers any more: told at once");
    house.bus.drain().await;
}
