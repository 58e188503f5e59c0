//! Any number of workers: exactly one result and one callback for each request.

use std::collections::HashMap;

use waybill_domain::Role;

use crate::house::House;
use crate::vendor::Endpoint;
use crate::verification::Wish;

/// F30: three processes over one database.
#[tokio::test]
async fn f30_pollers_that_race_give_each_request_one_result() {
    const ROWS: u8 = 24;
    let house = House::with(&[
        ("WAYBILL__CHAINALYSIS__KYT_REQUESTS_PER_SECOND", "1000"),
        ("WAYBILL__CHAINALYSIS__KYT_LATE_CHECKS", "1h"),
    ])
    .await;
    let second = house.another_process(8).await;
    let third = house.another_process(9).await;
    let wishes: Vec<_> = (1..=ROWS)
        .map(|byte| Wish { beneficiary: format!("0x{byte:040x}"), ..Wish::of(byte, Role::Originator) })
        .collect();
    let mut ids = Vec::new();
    for wish in &wishes {
        house.verification(wish).await;
        ids.push(house.register(wish.uuid).await.unwrap());
    }
    for id in &ids {
        house.until_processed(id).await;
    }
    let mut callbacks: HashMap<String, u32> = HashMap::new();
    for wish in &wishes {
        for callback in house.callbacks(wish.uuid).await {
            *callbacks.entry(callback.request_id.unwrap()).or_default() += 1;
        }
    }
    assert_eq!(callbacks.len(), ids.len());
    assert!(callbacks.values().all(|count| *count == 1), "{callbacks:?}");
    assert_eq!(house.vendor.count(Endpoint::Alerts), ids.len(), "and each was asked for once");
    second.shutdown.begin();
    third.shutdown.begin();
}
