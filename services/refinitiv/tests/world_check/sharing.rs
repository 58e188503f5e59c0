//! The same person is paid for once.

use serde_json::json;
use waybill_domain::{MatchStrength, ScreeningStatus};

use crate::house::{House, natural, quick, taylor};
use crate::vendor::{Fault, Op};

const MINUTE: [(&str, &str); 1] = [("reuse", "1m")];

#[tokio::test]
async fn equal_persons_share_a_case_for_a_while() {
    let house = House::with(&MINUTE, quick()).await;
    house.vendor.results("Taylor Robbins", &["STRONG"]);
    let (one, two) = (house.verification(1, taylor()).await, house.verification(2, taylor()).await);
    let (first, second) = (house.ask(one).await.unwrap(), house.ask(two).await.unwrap());
    let (first, second) = (house.processed(&first).await, house.processed(&second).await);
    assert_eq!((house.vendor.count(Op::Create), house.vendor.count(Op::Screen)), (1, 1));
    assert_eq!((second.match_strength, second.total_matches), (Some(MatchStrength::Strong), Some(1)));
    assert_eq!((&second.case_system_id, second.assessed_at), (&first.case_system_id, first.assessed_at));
    assert_eq!(house.summary(&second), house.summary(&first));
    assert_eq!(house.callbacks(two).await.len(), 1);
    let case = house.cases(&second.request_id).await.remove(0);
    assert_eq!(case.shares_case, Some(house.cases(&first.request_id).await[0].case_id.clone()));
    house.clock.advance(std::time::Duration::from_secs(61));
    house.processed(&house.ask(one).await.unwrap()).await;
    assert_eq!(house.vendor.count(Op::Create), 2, "its time is over");
}

#[tokio::test]
async fn others_do_not() {
    let house = House::with(&MINUTE, quick()).await;
    let other = json!([natural("Robbins", "Taylor", json!({"nationality": "US"}))]);
    let (one, two) = (house.verification(1, taylor()).await, house.verification(2, other).await);
    house.processed(&house.ask(one).await.unwrap()).await;
    house.processed(&house.ask(two).await.unwrap()).await;
    assert_eq!(house.vendor.count(Op::Create), 2);
}

#[tokio::test]
async fn the_same_person_twice_in_one_request_is_one_case() {
    let house = House::with(&MINUTE, quick()).await;
    house.vendor.results("Taylor Robbins", &["WEAK"]);
    let person = natural("Robbins", "Taylor", json!({}));
    let uuid = house.verification(1, json!([person, person])).await;
    let row = house.processed(&house.ask(uuid).await.unwrap()).await;
    assert_eq!((house.vendor.count(Op::Create), row.match_strength), (1, Some(MatchStrength::Weak)));
    assert_eq!(house.cases(&row.request_id).await.len(), 2);
}

#[tokio::test]
async fn when_the_shared_case_comes_to_nothing_the_other_gets_its_own() {
    let house = House::with(&MINUTE, quick()).await;
    house.vendor.lock().looks_before_screened = u32::MAX;
    let (one, two) = (house.verification(1, taylor()).await, house.verification(2, taylor()).await);
    let (first, second) = (house.ask(one).await.unwrap(), house.ask(two).await.unwrap());
    let id = house.vendor.lock().cases[0].id.clone();
    let of_leader = house.cases(&first).await[0].case_system_id.clone();
    assert_eq!(of_leader, Some(id));
    house.vendor.fault(Op::Status, Fault::refusal(400, "CASE_ARCHIVED", "x"));
    let row = house.ended(&first).await;
    assert_eq!((row.status, row.reason.as_deref()), (ScreeningStatus::Error, Some("CASE_ARCHIVED")));
    house.vendor.lock().looks_before_screened = 0;
    house.processed(&second).await;
    assert_eq!(house.vendor.count(Op::Create), 2);
}
