//! Again and again, and then no more.

use std::time::Duration;

use waybill_domain::Clock as _;
use waybill_jobs::{CallbackType, NotifyExpiry};
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, CommandStatus};
use waybill_testkit::TestFolder;

use crate::backend::{Backend, Reply};
use crate::support::{HOUR, House, Options, SECOND, callback, house, verification};

#[tokio::test]
async fn it_is_given_up_after_a_day_and_not_before() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    backend.answer_by(|_| Reply::Status(503));
    let options = Options::of(&backend);
    let clock = options.clock.clone();
    let house = house(folder.path(), options).await;
    house.add_verified(1).await;
    let id = house.deliver(&callback(CallbackType::VerificationResult, 1)).await;
    house.until_attempted(id, 2).await;
    clock.advance(23 * HOUR);
    let so_far = house.deliveries(id).await.len();
    house.until_attempted(id, so_far + 2).await;
    clock.advance(HOUR);
    let dead = house.until(id, CommandStatus::Error).await;
    assert_eq!(dead.last_error.as_deref(), Some("the backend answered 503"));
    let deliveries = house.deliveries(id).await;
    assert_eq!(deliveries.last().unwrap().attempted_at, clock.now(), "the last attempt is logged with it");
    let numbers: Vec<u32> = deliveries.iter().map(|delivery| delivery.attempt).collect();
    assert_eq!(numbers, (1..=u32::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
    let count = backend.arrived().len();
    assert_eq!(count, numbers.len());
}

#[tokio::test]
async fn a_dead_callback_holds_nothing_back() {
    let (folder, backend) = (TestFolder::new(), Backend::start([Reply::Status(503)]).await);
    let mut options = Options::of(&backend);
    options.settings.give_up_after = Duration::from_millis(1);
    let clock = options.clock.clone();
    let house = house(folder.path(), options).await;
    house.add_verified(1).await;
    house.report_transaction(1).await;
    let command = house.bus.command(&callback(CallbackType::VerificationResult, 1));
    let command = command.in_group(verification(1)).holding(HOUR);
    clock.advance(SECOND);
    let first = house.add(command).await;
    let second = house.deliver(&callback(CallbackType::TxReport, 1)).await;
    house.until_delivered(second).await;
    assert_eq!(house.view(first).await.status, CommandStatus::Error);
    assert!(!house.view(second).await.last.unwrap().out_of_order);
}

#[tokio::test]
async fn retry_after_is_obeyed_within_the_limit() {
    for (asked, at_least, at_most) in [("3600", 30, 60), ("0", 0, 20), ("20", 20, 30)] {
        let reply = Reply::With(503, "retry-after", asked);
        let (folder, backend) = (TestFolder::new(), Backend::start([reply]).await);
        let mut options = Options::of(&backend);
        options.settings.retry_first = 20 * SECOND;
        options.settings.retry_max = 60 * SECOND;
        let house = house(folder.path(), options).await;
        house.add_verified(1).await;
        let id = house.deliver(&callback(CallbackType::VerificationResult, 1)).await;
        house.until_attempted(id, 1).await;
        let view = house.until(id, CommandStatus::Created).await;
        // By the database's clock; a slow machine makes the wait look longer, never shorter.
        let wait = view.due_at.timestamp() - database_now(&house).await;
        assert!(wait <= at_most && wait >= at_least - 15, "{asked}: {wait}");
    }
}

/// Seconds since 1970 on the database's clock: a command that nobody works on is due when it is added.
async fn database_now(house: &House) -> i64 {
    let id = house.add(house.bus.command(&NotifyExpiry { verification_uuid: verification(9) })).await;
    let found = house.store.read("test", id, |tx, id| Box::pin(commands::find(tx, *id)));
    let row = found.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    row.unwrap().due_at.timestamp()
}
