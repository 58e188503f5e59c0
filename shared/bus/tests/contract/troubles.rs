//! Troubles with a broker that once stopped more than themselves.

use std::time::Duration;

use async_trait::async_trait;
use lapin::BasicProperties;
use lapin::options::{
    BasicGetOptions, BasicNackOptions, BasicPublishOptions, QueueDeclareOptions, QueuePurgeOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use tokio::sync::mpsc;
use tokio::time::Instant;
use waybill_bus::dead_letters::{RedriveError, list_dead_letters, redrive};
use waybill_bus::{AmqpOptions, Claim, CommandHandler, Outcome};
use waybill_domain::Clock as _;
use waybill_jobs::{InquireTransaction, VerifyCounterparty};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, CommandStatus, DeadFilter};
use waybill_testkit::servers::Broker;
use waybill_testkit::{MockClock, eventually};

use crate::house::*;
use crate::over_amqp::{Answers, order, own_broker, quick, some};

struct Verifies(mpsc::UnboundedSender<()>);

#[async_trait]
impl CommandHandler<VerifyCounterparty> for Verifies {
    async fn handle(&self, _: VerifyCounterparty, _: &Claim) -> Result<Outcome, StoreError> {
        self.0.send(()).unwrap();
        Ok(Outcome::Done)
    }
}

#[tokio::test]
async fn a_queue_that_is_not_as_it_must_be_stops_its_own_kind_only() {
    let house = Opener::Amqp.house(quick()).await;
    let mut classic = FieldTable::default();
    classic.insert("x-queue-type".into(), AMQPValue::LongString("classic".into()));
    let channel = house.channel().await;
    channel.queue_declare(house.queue().into(), QueueDeclareOptions::durable(), classic).await.unwrap();
    let stuck = some(&house, 20);
    house.add(stuck.clone()).await;
    let (seen, mut verified) = mpsc::unbounded_channel();
    house.worker.work(Verifies(seen), 2);
    let _seen = house.works();
    for byte in 0..5 {
        let other = house.bus.command(&VerifyCounterparty { verification_uuid: verification(byte) });
        house.add(vec![other.clone()]).await;
        house.until_done(&other).await;
        verified.recv().await.unwrap();
    }
    channel.queue_delete(house.queue().into(), lapin::options::QueueDeleteOptions::default()).await.unwrap();
    house.all_done(&stuck).await;
    house.drain().await;
}

#[tokio::test]
async fn what_a_blocked_broker_does_not_take_is_given_back_when_the_process_ends() {
    let (broker, options) = own_broker().await;
    let house = amqp(quick(), AmqpOptions { confirm_timeout: Duration::from_secs(2), ..options }).await;
    let before = some(&house, 1);
    house.add(before).await;
    eventually("it is published", SOON, async || (house.waiting().await == 1).then_some(())).await;
    order(&broker, Broker::raise_alarm).await;
    house.add((10..30).map(|byte| notice(&house, byte)).collect()).await;
    let begun = Instant::now();
    house.drain().await;
    assert!(begun.elapsed() < SOON / 4, "{:?}", begun.elapsed());
    let unpublished = house.store.write("test", (), |tx, ()| Box::pin(commands::publish(tx, &[], 100)));
    let unpublished: Result<_, StoreError> = unpublished.await;
    assert_eq!(unpublished.unwrap().len(), 20, "at once, not after `lost_after`");
}

#[tokio::test]
async fn a_message_that_is_lost_is_sent_again_though_its_queue_is_never_empty() {
    let shared = at_the_shared_broker().await;
    let house = amqp(quick(), AmqpOptions { lost_after: Duration::from_millis(200), ..shared }).await;
    house.add(some(&house, 3)).await;
    eventually("they are published", SOON, async || (house.waiting().await == 3).then_some(())).await;
    house.channel().await.queue_purge(house.queue().into(), QueuePurgeOptions::default()).await.unwrap();
    house.add((10..12).map(|byte| notice(&house, byte)).collect()).await;
    eventually("the lost ones are there too", SOON, async || (house.waiting().await >= 5).then_some(()))
        .await;
    house.drain().await;
}

/// Only that connection of the service is lost on which it sends its answers.
#[tokio::test]
async fn a_service_whose_answers_go_nowhere_notices() {
    let (broker, options) = own_broker().await;
    let house = amqp(quick(), options).await;
    house.worker.serve(Answers, 2);
    let ask = InquireTransaction { verification_uuid: verification(1) };
    for word in ["publishing", "consuming"] {
        eventually("the service answers", SOON, async || {
            house.bus.ask(&ask, Duration::from_secs(5)).await.is_ok().then_some(())
        })
        .await;
        let closing = std::sync::Arc::clone(&broker);
        tokio::task::spawn_blocking(move || closing.close_connections(word)).await.unwrap();
    }
    eventually("the service answers", SOON, async || {
        house.bus.ask(&ask, Duration::from_secs(5)).await.is_ok().then_some(())
    })
    .await;
    let commands = some(&house, 5);
    let _seen = house.works();
    house.add(commands.clone()).await;
    house.all_done(&commands).await;
    house.drain().await;
}

#[tokio::test]
async fn what_the_broker_gives_up_is_a_dead_letter_with_its_reason_and_can_be_redriven() {
    let shared = at_the_shared_broker().await;
    let house = amqp(quick(), AmqpOptions { delivery_limit: 2, ..shared }).await;
    house.worker.watch_leases();
    let channel = house.channel().await;
    let [returned, expired] = [1, 2].map(|byte| notice(&house, byte));
    house.add(vec![returned.clone()]).await;
    eventually("it is published", SOON, async || (house.waiting().await == 1).then_some(())).await;
    eventually("the broker gives it up", SOON, async || {
        let message = channel.basic_get(house.queue().into(), BasicGetOptions::default()).await.unwrap();
        if let Some(message) = message {
            message.nack(BasicNackOptions { requeue: true, ..BasicNackOptions::default() }).await.unwrap();
        }
        (house.status(&returned).await.0 == CommandStatus::Error).then_some(())
    })
    .await;
    house.add(vec![expired.clone()]).await;
    eventually("it is published", SOON, async || (house.waiting().await == 1).then_some(())).await;
    channel.queue_purge(house.queue().into(), QueuePurgeOptions::default()).await.unwrap();
    let (options, soon) =
        (BasicPublishOptions::default(), BasicProperties::default().with_expiration("50".into()));
    let id = expired.id.to_string();
    channel.basic_publish("".into(), house.queue().into(), options, id.as_bytes(), soon).await.unwrap();
    house.until(&expired, CommandStatus::Error).await;

    let letters = list_dead_letters(&house.store, DeadFilter::default(), 10).await.unwrap();
    let reasons: Vec<_> = letters.iter().map(|letter| letter.reason.as_deref().unwrap()).collect();
    assert_eq!(reasons, ["the broker gave it up: expired", "the broker gave it up: delivery_limit"]);
    let _seen = house.works();
    let now = MockClock::default().now();
    for command in [&returned, &expired] {
        redrive(&house.store, command.id, now).await.unwrap();
        house.until_done(command).await;
        let again = redrive(&house.store, command.id, now).await;
        assert!(matches!(again, Err(RedriveError::Refused(_))), "{again:?}");
    }
    house.drain().await;
}
