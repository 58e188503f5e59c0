//! In order within a verification, side by side across verifications.

use std::collections::HashMap;
use std::time::Duration;

use waybill_jobs::CallbackType::{self, ErrorReport, TxReport, VerificationResult};
use waybill_store::tables::commands::CommandStatus;
use waybill_testkit::TestFolder;

use crate::backend::{Arrived, Backend, Reply};
use crate::support::{HOUR, House, Options, callback, house, verification};

async fn ready(house: &House, bytes: impl IntoIterator<Item = u8>) {
    for byte in bytes {
        house.add_verified(byte).await;
        house.report_transaction(byte).await;
    }
}

fn refuses(status: u16, callback_type: CallbackType) -> impl Fn(&Arrived) -> Reply + Send {
    move |arrived| {
        let refused = arrived.callback_type() == callback_type.as_str();
        Reply::Status(if refused { status } else { 200 })
    }
}

#[tokio::test]
async fn one_verification_is_told_in_order_however_often_it_fails() {
    let bad = [503, 500, 302, 429].map(Reply::Status);
    let (folder, backend) = (TestFolder::new(), Backend::start(bad).await);
    let house = house(folder.path(), Options::of(&backend)).await;
    ready(&house, [1]).await;
    let mut last = None;
    for callback_type in [VerificationResult, TxReport, ErrorReport] {
        last = Some(house.deliver(&callback(callback_type, 1)).await);
    }
    house.until_delivered(last.unwrap()).await;
    let order: Vec<String> = backend.arrived().iter().map(Arrived::callback_type).collect();
    let result = VerificationResult.as_str();
    assert_eq!(order, [result, result, result, result, result, "TX_REPORT", "ERROR_REPORT"]);
    assert!(!house.view(last.unwrap()).await.last.unwrap().out_of_order);
}

#[tokio::test]
async fn verifications_do_not_wait_for_each_other() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    let stuck = verification(1).to_string();
    backend.answer_by(move |arrived| Reply::Status(if arrived.verification() == stuck { 503 } else { 200 }));
    let house = house(folder.path(), Options::of(&backend)).await;
    ready(&house, 1..=20).await;
    let mut last = HashMap::new();
    for byte in 1..=20 {
        for callback_type in [VerificationResult, TxReport] {
            last.insert(byte, house.deliver(&callback(callback_type, byte)).await);
        }
    }
    for byte in 2..=20 {
        house.until_delivered(last[&byte]).await;
    }
    assert_eq!(house.view(last[&1]).await.status, CommandStatus::Created);
    assert!(house.deliveries(last[&1]).await.is_empty(), "it waits for the one before");
}

#[tokio::test]
async fn a_lasting_refusal_lets_the_next_pass_and_marks_it() {
    for (status, passes) in [(400, true), (404, true), (410, true), (503, false), (429, false)] {
        let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
        backend.answer_by(refuses(status, VerificationResult));
        let house = house(folder.path(), Options::of(&backend)).await;
        ready(&house, [1]).await;
        let first = house.deliver_holding(&callback(VerificationResult, 1), HOUR).await;
        let second = house.deliver_holding(&callback(TxReport, 1), HOUR).await;
        if passes {
            let view = house.until_delivered(second).await;
            assert!(view.last.unwrap().out_of_order, "{status}");
        }
        house.until_attempted(first, 5).await;
        assert_eq!(house.deliveries(second).await.len(), usize::from(passes), "{status}");
        backend.answer_by(|_| Reply::Status(200));
        let view = house.until_delivered(first).await;
        assert!(!view.last.unwrap().out_of_order, "the first one itself is not late, {status}");
        house.until_delivered(second).await;
    }
}

#[tokio::test]
async fn the_hold_has_a_bound_and_what_passes_is_marked() {
    let (folder, backend) = (TestFolder::new(), Backend::start([]).await);
    backend.answer_by(refuses(503, VerificationResult));
    let house = house(folder.path(), Options::of(&backend)).await;
    ready(&house, [1]).await;
    let hold = Duration::from_millis(300);
    let first = house.deliver_holding(&callback(VerificationResult, 1), hold).await;
    let second = house.deliver_holding(&callback(TxReport, 1), hold).await;
    let view = house.until_delivered(second).await;
    assert!(view.last.unwrap().out_of_order);
    assert_ne!(house.view(first).await.status, CommandStatus::Done);
}
