//! `GET /v1/verifications`: filters, pages and the cursor.

use serde_json::{Value, json};
use waybill_tests::{Party, edit, unique, unique_hash, verification};

use crate::dev;

/// Verifications of one account of their own, oldest first.
async fn of_account(ours: Party, account: &str, number: usize) -> Vec<String> {
    let request = edit(verification(), "payload.ivms101.originator.accountNumber", json!([account]));
    let mut uuids = Vec::new();
    for _ in 0..number {
        uuids.push(ours.verify_until(&request, "VERIFIED").await);
    }
    uuids
}

fn uuids(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["verificationUuid"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_and_cursor_go_through_all_newest_first() {
    let ours = dev().await.ours;
    let account = unique("account");
    let mut expected = of_account(ours, &account, 5).await;
    expected.reverse();
    let base = format!("/v1/verifications?originatorAccountNumber={account}");

    let mut by_page = Vec::new();
    for page in 1..=3 {
        let answer = ours.api.get(&format!("{base}&page={page}&rpp=2")).await.ok();
        assert_eq!((&answer["count"], &answer["page"], &answer["rpp"]), (&json!(5), &json!(page), &json!(2)));
        by_page.extend(uuids(answer["verifications"].as_array().unwrap()).into_iter().map(str::to_owned));
    }
    assert_eq!(by_page, expected);

    let (mut by_cursor, mut next) = (Vec::new(), String::new());
    for _ in 0..10 {
        let answer = ours.api.get(&format!("{base}&rpp=2{next}")).await.ok();
        by_cursor.extend(uuids(answer["verifications"].as_array().unwrap()).into_iter().map(str::to_owned));
        let Some(cursor) = answer["nextCursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(by_cursor, expected);

    let usual = ours.api.get("/v1/verifications").await.ok();
    assert_eq!((&usual["page"], &usual["rpp"]), (&json!(1), &json!(10)));
    assert!(usual["verifications"].as_array().unwrap().len() <= 10);
}

#[tokio::test]
async fn each_filter_keeps_what_fits_and_drops_the_rest() {
    let ours = dev().await.ours;
    let account = unique("account");
    let request = edit(verification(), "payload.ivms101.originator.accountNumber", json!([account]));
    let uuid = ours.verify_until(&request, "VERIFIED").await;
    let tx_hash = unique_hash();
    ours.report_transaction(&uuid, &tx_hash, None).await.ok();
    let today = ours.record(&uuid).await["createdAt"].as_str().unwrap()[..10].to_owned();
    let beneficiary = waybill_tests::ROBOT_ADDRESS;
    for (filter, fits, misses) in [
        ("symbol", "ETH", "BTC"),
        ("network", "Ethereum", "Bitcoin"),
        ("result", "VERIFIED", "DENIED"),
        ("txHash", tx_hash.as_str(), "0x00"),
        ("actionType", "SEND", "RECEIVE"),
        ("oppositeVaspId", waybill_tests::ROBOT_ID, "1"),
        ("beneficiaryAccountNumber", beneficiary, "elsewhere"),
        ("fromDate", today.as_str(), "2999-01-01"),
        ("toDate", today.as_str(), "1999-01-01"),
    ] {
        let of = async |value: &str| {
            ours.list(&format!("originatorAccountNumber={account}&{filter}={value}")).await
        };
        let (count, found) = of(fits).await;
        assert_eq!((count, uuids(&found)), (1, vec![uuid.as_str()]), "{filter}={fits}");
        assert_eq!(of(misses).await, (0, vec![]), "{filter}={misses}");
    }
    let upper = tx_hash.trim_start_matches("0x").to_uppercase();
    assert_eq!(ours.list(&format!("txHash={upper}")).await.0, 1, "hashes are found however they are spelt");
}
