//! Many rows, many workers, and workers that die.

use std::time::Duration;

use serde_json::json;
use waybill_domain::{ScreeningStatus, Timestamp};
use waybill_refinitiv::Pacing;
use waybill_store::tables::{wco_cases, wco_results};
use waybill_store::{StoreError, Tx};

use crate::house::{House, natural, quick, taylor};
use crate::vendor::{Fault, Op};

/// F30: two processes over one database.
#[tokio::test]
async fn f30_two_pollers_give_each_result_once() {
    let house = House::new().await;
    house.another_process(&[], quick()).await;
    house.vendor.lock().looks_before_screened = 30;
    let mut requests = Vec::new();
    for byte in 1..=20 {
        let name = format!("Taylor{byte}");
        let uuid = house.verification(byte, json!([natural("Robbins", &name, json!({}))])).await;
        requests.push((uuid, house.ask(uuid).await.unwrap()));
    }
    for (uuid, request_id) in &requests {
        house.processed(request_id).await;
        assert_eq!(house.callbacks(*uuid).await.len(), 1);
    }
    assert!(house.vendor.lock().cases.iter().all(|case| case.screenings.len() == 1));
    assert!(house.vendor.count(Op::Status) < 20 * 4, "many cases are asked about at once");
}

/// F30: a worker has the answer and dies. Another one takes over when the lease ends, and only one writes.
#[tokio::test]
async fn f30_a_worker_that_dies_with_the_answer_loses_nothing() {
    let house = House::idle(&[]).await;
    let pacing = Pacing { lease: Duration::from_millis(1500), ..quick() };
    house.vendor.fault(Op::Results, Fault::Deaf); // it hangs on the last question, as if it were gone
    let dying = house.another_process(&[("timeout", "60s")], pacing.clone()).await;
    waybill_refinitiv::start_with(
        &house.ctx,
        Pacing { look_every: Duration::from_secs(3600), ..pacing.clone() },
    );
    let uuid = house.verification(1, taylor()).await;
    let request_id = house.ask(uuid).await.unwrap();
    house.until_asked(Op::Results, 1).await;
    let held = house.row(&request_id).await;
    assert_eq!((held.status, held.worker_id.is_some()), (ScreeningStatus::Checking, true));
    dying.shutdown.begin();
    house.another_process(&[], pacing).await;
    house.processed(&request_id).await;
    assert_eq!(house.callbacks(uuid).await.len(), 1);
    assert_eq!(house.vendor.lock().cases[0].screenings.len(), 1);
}

/// F30: whoever lost its lease writes nothing, neither row nor case nor callback.
#[tokio::test]
async fn f30_a_lost_lease_leaves_nothing_behind() {
    let house = House::idle(&[]).await;
    let pacing = Pacing { looks: vec![Duration::from_millis(1); 2], ..quick() };
    waybill_refinitiv::start_with(&house.ctx, pacing);
    house.vendor.lock().looks_before_screened = u32::MAX;
    let uuid = house.verification(1, taylor()).await;
    let request_id = house.ask(uuid).await.unwrap();
    house.until_asked(Op::Status, 1).await;
    let stolen = house
        .ctx
        .store
        .write("test", (request_id.clone(), house.vendor.now()), |tx, (id, at)| Box::pin(steal(tx, id, *at)));
    let error = stolen.await.unwrap_err();
    assert!(matches!(error, StoreError::GuardLost(_)), "{error}");
    house.vendor.lock().looks_before_screened = 0;
    house.processed(&request_id).await;
    assert_eq!(house.callbacks(uuid).await.len(), 1);
}

async fn steal(tx: &mut Tx, request_id: &str, at: Timestamp) -> Result<(), StoreError> {
    let mut case = wco_cases::of_request(tx, request_id).await?.remove(0);
    case.total_matches = Some(99);
    wco_cases::update(tx, &case, at).await?;
    wco_results::failed(tx, request_id, "somebody who has no lease", "STOLEN", at).await
}

/// One case among many that the vendor does not know keeps no other from its result.
#[tokio::test]
async fn a_question_that_is_refused_is_asked_in_halves() {
    let house = House::new().await;
    house.vendor.lock().looks_before_screened = u32::MAX;
    let mut requests = Vec::new();
    for byte in 1..=8 {
        let name = format!("Taylor{byte}");
        let uuid = house.verification(byte, json!([natural("Robbins", &name, json!({}))])).await;
        requests.push(house.ask(uuid).await.unwrap());
    }
    {
        let mut vendor = house.vendor.lock();
        vendor.cases.remove(3);
        vendor.looks_before_screened = 0;
    }
    for (at, request_id) in requests.iter().enumerate() {
        if at != 3 {
            house.processed(request_id).await;
        }
    }
    assert!(!house.row(&requests[3]).await.status.is_final());
}

/// More persons than one question takes.
#[tokio::test]
async fn sixty_persons_are_asked_about_in_two_questions() {
    let house = House::new().await;
    let persons: Vec<_> = (0..60).map(|n| natural("Robbins", &format!("Taylor{n}"), json!({}))).collect();
    house.vendor.results("Taylor59 Robbins", &["MEDIUM"]);
    let uuid = house.verification(1, json!(persons)).await;
    let row = house.processed(&house.ask(uuid).await.unwrap()).await;
    assert_eq!(row.total_matches, Some(1));
    assert_eq!(house.summary(&row)["name"], "Taylor59 Robbins");
    let sizes: Vec<usize> = house
        .vendor
        .bodies(Op::Status)
        .iter()
        .map(|body| body["screeningStatusRequests"].as_array().unwrap().len())
        .collect();
    assert_eq!((sizes.iter().sum::<usize>(), sizes.iter().max()), (60, Some(&50)));
}
