//! What the vendor refuses, and what the caller hears of it.

use waybill_domain::{ScreeningStatus, codes};
use waybill_jobs::KeepAnswer;

use crate::house::{House, quick, taylor};
use crate::vendor::{Fault, Op};

fn key(name: &str, digest: &str) -> Option<KeepAnswer> {
    Some(KeepAnswer { scope: "caller".to_owned(), key: name.to_owned(), digest: digest.to_owned() })
}

#[tokio::test]
async fn a_wrong_key_is_said_and_nothing_is_called_back() {
    let house = House::new().await;
    house.vendor.lock().secret = "another".to_owned();
    let uuid = house.verification(1, taylor()).await;
    assert_eq!(house.ask(uuid).await, Err(codes::vendor_unauthorized()));
    assert_eq!(house.vendor.lock().journal.len(), 1, "F9: nothing is tried blindly again");
    assert!(house.callbacks(uuid).await.is_empty());
}

#[tokio::test]
async fn what_the_vendor_says_is_passed_on() {
    let house = House::new().await;
    let uuid = house.verification(1, taylor()).await;
    house
        .vendor
        .fault(Op::Create, Fault::refusal(400, "INVALID_PROVIDER_TYPE", "Provider types are invalid."));
    let said = codes::bad_request("INVALID_PROVIDER_TYPE: Provider types are invalid.");
    assert_eq!(house.ask(uuid).await, Err(said));
    house
        .vendor
        .fault(Op::Create, Fault::refusal(400, "INVALID_NAME", "The name Taylor Robbins has no such form"));
    assert_eq!(house.ask(uuid).await, Err(codes::bad_request("INVALID_NAME")), "but not what was asked");
    house.vendor.fault(Op::Create, Fault::status(415));
    assert_eq!(house.ask(uuid).await, Err(codes::bad_request("HTTP-415")));
    assert!(house.callbacks(uuid).await.is_empty());
}

#[tokio::test]
async fn the_same_key_gets_the_same_answer_and_calls_nobody() {
    let house = House::new().await;
    let uuid = house.verification(1, taylor()).await;
    let first = house.ask_with(uuid, None, key("k1", "d1")).await.unwrap();
    let again = house.ask_with(uuid, None, key("k1", "d1")).await.unwrap();
    let other = house.ask_with(uuid, None, key("k1", "d2")).await;
    assert_eq!((&again, other), (&first, Err(codes::idempotency_key_reused())));
    assert_ne!(house.ask_with(uuid, None, key("k2", "d1")).await.unwrap(), first);
    assert_eq!(house.vendor.count(Op::Create), 2);
}

#[tokio::test]
async fn both_at_once_with_the_same_key_are_one() {
    let house = House::new().await;
    let uuid = house.verification(1, taylor()).await;
    let ask = || house.ask_with(uuid, None, key("k1", "d1"));
    let (one, two) = tokio::join!(ask(), ask());
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!(house.vendor.count(Op::Create), 1);
}

#[tokio::test]
async fn after_a_refusal_the_same_key_may_be_used_again() {
    let house = House::new().await;
    let uuid = house.verification(1, taylor()).await;
    house.vendor.fault(Op::Create, Fault::refusal(400, "INVALID_MESSAGE_FORMAT", "x"));
    house.ask_with(uuid, None, key("k1", "d1")).await.unwrap_err();
    let request_id = house.ask_with(uuid, None, key("k1", "d1")).await.unwrap();
    house.processed(&request_id).await;
}

/// F7: it is not the key's fault, and the row waits for the next hour.
#[tokio::test]
async fn f7_screenings_that_are_used_up_wait_for_the_next_hour() {
    let house = House::new().await;
    house.vendor.fault(Op::Screen, Fault::refusal(403, "QUOTA", "exceeded"));
    let uuid = house.verification(1, taylor()).await;
    let request_id = house.ask(uuid).await.unwrap();
    let row = house.until(&request_id, |row| row.worker_id.is_none()).await;
    assert_eq!((row.status, row.failing_since), (ScreeningStatus::Registered, None));
    let second = house.ask(uuid).await.unwrap();
    house.until(&second, |row| row.worker_id.is_none()).await;
    assert_eq!(house.vendor.count(Op::Screen), 1, "the limit of screenings is paused for all");
    assert!(house.callbacks(uuid).await.is_empty());
}

/// The second limit: what it does not allow waits, and is no failure.
#[tokio::test]
async fn more_screenings_than_an_hour_allows_wait() {
    let house = House::with(&[("screenings_per_hour", "1"), ("timeout", "400ms")], quick()).await;
    let uuid = house.verification(1, taylor()).await;
    house.processed(&house.ask(uuid).await.unwrap()).await;
    let second = house.ask(uuid).await.unwrap();
    let row = house.until(&second, |row| row.worker_id.is_none()).await;
    assert_eq!((row.status, row.failing_since, row.attempts), (ScreeningStatus::Registered, None, 0));
    assert_eq!((house.vendor.count(Op::Create), house.vendor.count(Op::Screen)), (2, 1));
    let case = house.cases(&second).await.remove(0);
    assert_eq!(case.screening_requested_at, None, "it was certainly not asked for");
}

/// F8: the clock is corrected by the vendor's, once.
#[tokio::test]
async fn f8_a_clock_that_differs_is_corrected() {
    for skew in [31, -31, 300, -300] {
        let house = House::new().await;
        house.vendor.lock().skew = chrono::TimeDelta::seconds(skew);
        let row = house.processed(&house.ask(house.verification(1, taylor()).await).await.unwrap()).await;
        assert_eq!(house.vendor.lock().refused, ["skew"], "one refusal, then never again ({skew})");
        assert_eq!(row.assessed_at, Some(house.vendor.now()));
    }
}

/// Acceptance: a difference that the vendor bears is not corrected.
#[tokio::test]
async fn a_small_difference_is_left_alone() {
    let house = House::with(&[], quick()).await;
    house.vendor.lock().skew = chrono::TimeDelta::seconds(20);
    house.processed(&house.ask(house.verification(1, taylor()).await).await.unwrap()).await;
    assert!(house.vendor.lock().refused.is_empty());
}

#[tokio::test]
async fn a_missing_group_is_said() {
    let house = House::new().await;
    house.vendor.fault(Op::Template, Fault::refusal(404, "GROUP_NOT_FOUND", "No such group"));
    let uuid = house.verification(1, taylor()).await;
    assert_eq!(house.ask(uuid).await, Err(codes::bad_request("GROUP_NOT_FOUND: No such group")));
}
