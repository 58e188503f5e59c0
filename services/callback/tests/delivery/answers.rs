//! Every way in which a backend can answer, or not.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::net::TcpListener;
use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_store::tables::commands::CommandStatus;
use waybill_testkit::{TestFolder, eventually};

use crate::backend::{Backend, Reply};
use crate::support::{House, Options, SECOND, callback, house};

/// The first attempt ends so; the second arrives.
async fn first_attempt(reply: Reply, options: impl FnOnce(&mut Options)) -> (String, Option<u32>) {
    let (folder, backend) = (TestFolder::new(), Backend::start([reply]).await);
    let mut all = Options::of(&backend);
    options(&mut all);
    let house = house(folder.path(), all).await;
    house.add_verified(1).await;
    let id = house.deliver(&callback(CallbackType::VerificationResult, 1)).await;
    house.until_delivered(id).await;
    let mut deliveries = house.deliveries(id).await;
    assert_eq!(deliveries.iter().map(|delivery| delivery.attempt).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((deliveries[1].outcome.as_str(), deliveries[1].http_status), ("DELIVERED", Some(200)));
    let arrived = backend.arrived();
    assert_eq!(arrived.len(), 2);
    assert!(arrived.iter().all(|request| request.path == "/callback"), "no redirect is followed");
    assert_eq!(arrived[0].header("webhook-id"), arrived[1].header("webhook-id"));
    assert_eq!(arrived[0].body, arrived[1].body);
    let first = deliveries.remove(0);
    (first.outcome, first.http_status)
}

#[tokio::test]
async fn every_status_but_200_is_tried_again() {
    for status in [201, 202, 204, 206, 400, 401, 403, 404, 408, 410, 422, 425, 429, 500, 502, 503, 504] {
        let ended = first_attempt(Reply::Status(status), |_| {}).await;
        assert_eq!(ended, ("NOT-200".to_owned(), Some(status.into())));
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    for status in [301, 302, 307, 308] {
        let ended = first_attempt(Reply::With(status, "location", "/elsewhere"), |_| {}).await;
        assert_eq!(ended, ("NOT-200".to_owned(), Some(status.into())));
    }
}

#[tokio::test]
async fn slow_cut_and_huge_answers_do_not_count() {
    let impatient = |options: &mut Options| options.backend.callback_timeout = Duration::from_millis(200);
    assert_eq!(first_attempt(Reply::Never, impatient).await, ("TIMEOUT".to_owned(), None));
    assert_eq!(first_attempt(Reply::Cut, |_| {}).await, ("PROTOCOL".to_owned(), None));
    let huge = first_attempt(Reply::Huge(65_537), |_| {}).await;
    assert_eq!(huge, ("ANSWER-TOO-LARGE".to_owned(), None));
}

#[tokio::test]
async fn a_backend_that_is_down_is_tried_until_it_is_up() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let nobody = format!("http://{}/callback", listener.local_addr().unwrap());
    drop(listener);
    let mut options = Options::of(&backend);
    options.backend.callback_url = Some(nobody.parse().unwrap());
    let house = house(folder.path(), options).await;
    house.add_verified(1).await;
    let id = house.deliver(&callback(CallbackType::VerificationResult, 1)).await;
    let attempts = house.until_attempted(id, 3).await;
    assert!(attempts.iter().all(|attempt| attempt.outcome == "CONNECT"));
    let last_error = house.view(id).await.last_error;
    assert_eq!(last_error.as_deref(), Some("no connection: the connection was refused"));
}

/// Nothing was sent for it, and it waits.
async fn waits_untried(house: &House, callback: &DeliverCallback, why: &str) {
    let id = house.deliver(callback).await;
    let view = eventually("it is put back", 20 * SECOND, async || {
        let view = house.view(id).await;
        view.last_error.is_some().then_some(view)
    })
    .await;
    assert_eq!((view.last_error.as_deref(), view.attempts), (Some(why), 0));
    assert_ne!(view.status, CommandStatus::Error);
}

#[tokio::test]
async fn without_a_url_callbacks_wait() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let mut options = Options::of(&backend);
    options.backend.callback_url = None;
    let house = house(folder.path(), options).await;
    house.add_verified(1).await;
    let callback = callback(CallbackType::VerificationResult, 1);
    waits_untried(&house, &callback, "backend.callback_url is not set").await;
}

#[tokio::test]
async fn what_does_not_open_waits_for_its_key() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    house.add_verified(1).await;
    let callback = DeliverCallback {
        reason: Some("UNDEFINED-ERROR".to_owned()),
        message_sealed: Some(house.message(2, "sealed for another row")),
        ..callback(CallbackType::VerificationResult, 1)
    };
    waits_untried(&house, &callback, "a sealed value of verifications does not open").await;
    assert!(backend.arrived().is_empty());
}

#[tokio::test]
async fn while_the_backend_is_left_alone_nothing_is_attempted() {
    let (folder, backend) = (TestFolder::new(), Backend::start([Reply::Status(503)]).await);
    let mut options = Options::of(&backend);
    options.egress.failures_to_open = 1;
    let clock = options.clock.clone();
    let house = house(folder.path(), options).await;
    for byte in [1, 2] {
        house.add_verified(byte).await;
    }
    let first = house.deliver(&callback(CallbackType::VerificationResult, 2)).await;
    house.until_attempted(first, 1).await;
    let second = callback(CallbackType::VerificationResult, 1);
    waits_untried(&house, &second, "calls to the backend are suspended").await;
    assert_eq!(backend.arrived().len(), 1);
    clock.advance(SECOND * 60);
    let view = house.until_delivered(first).await;
    assert_eq!(view.attempts, 2, "waiting did not count");
}
