//! A vendor that is away, or does not let us in any more.

use std::time::Duration;

use waybill_domain::ScreeningStatus;
use waybill_testkit::{TestFolder, eventually};

use crate::house::{House, PATIENCE, quick, taylor};
use crate::vendor::{KEY, Op, SECRET};

#[tokio::test]
async fn a_vendor_that_stays_away_is_an_error_only_where_the_setting_says_so() {
    let away = [("url", "http://127.0.0.1:9/v2"), ("timeout", "300ms"), ("error_after", "1h")];
    let house = House::with(&away, quick()).await;
    let uuid = house.verification(1, taylor()).await;
    let request_id = house.ask(uuid).await.unwrap();
    house.until(&request_id, |row| row.failing_since.is_some()).await;
    house.clock.advance(Duration::from_secs(3601));
    let row = house.ended(&request_id).await;
    assert_eq!((row.status, row.reason.as_deref()), (ScreeningStatus::Error, Some("VENDOR-UNAVAILABLE")));
    assert_eq!(house.callbacks(uuid).await.len(), 1, "it is reported");
    assert!(house.cases(&request_id).await.iter().all(|case| case.status == ScreeningStatus::Error));
}

#[tokio::test]
async fn without_it_the_request_waits_however_long() {
    let house = House::with(&[("url", "http://127.0.0.1:9/v2"), ("timeout", "300ms")], quick()).await;
    let request_id = house.ask(house.verification(1, taylor()).await).await.unwrap();
    house.until(&request_id, |row| row.failing_since.is_some()).await;
    house.clock.advance(Duration::from_secs(100 * 24 * 3600));
    let attempts = house.row(&request_id).await.attempts;
    let row = house.until(&request_id, |row| row.attempts > attempts + 2).await;
    assert_eq!(row.status, ScreeningStatus::Registered);
}

#[tokio::test]
async fn a_case_that_the_vendor_never_screens_ends_at_the_deadline() {
    let house = House::new().await;
    house.vendor.lock().looks_before_screened = u32::MAX;
    let uuid = house.verification(1, taylor()).await;
    let request_id = house.ask(uuid).await.unwrap();
    house.until_asked(Op::Status, 2).await;
    house.clock.advance(Duration::from_secs(24 * 3600 - 60));
    let asked = house.vendor.count(Op::Status);
    house.until_asked(Op::Status, asked + 2).await;
    assert!(!house.row(&request_id).await.status.is_final());
    house.clock.advance(Duration::from_secs(120));
    let row = house.ended(&request_id).await;
    assert_eq!((row.status, row.reason.as_deref()), (ScreeningStatus::Error, Some("NOT-SCREENED-IN-TIME")));
    assert_eq!(house.callbacks(uuid).await.len(), 1);
}

/// F33: the key and its secret stand in files and are replaced: what was refused goes on without a restart, at once.
#[tokio::test]
async fn f33_a_key_in_files_is_replaced_without_a_restart() {
    let folder = TestFolder::new();
    let (key, secret) = (folder.write("key", KEY), folder.write("secret", SECRET));
    let files = [
        ("api_key", ""),
        ("api_secret", ""),
        ("api_key_file", key.to_str().unwrap()),
        ("api_secret_file", secret.to_str().unwrap()),
    ];
    let pacing = waybill_refinitiv::Pacing { refused: Duration::from_secs(3600), ..quick() };
    let house = House::with(&files, pacing).await;
    house.vendor.lock().looks_before_screened = 1;
    house.vendor.results("Taylor Robbins", &["MEDIUM"]);
    let waiting = house.ask(house.verification(1, taylor()).await).await.unwrap();
    house.vendor.lock().secret = "rotated".to_owned();
    house.until(&waiting, |row| row.failing_since.is_some()).await;
    let uuid = house.verification(2, taylor()).await;
    assert_eq!(house.ask(uuid).await.unwrap_err().message, "Invalid API Key");
    std::fs::write(&secret, "rotated\n").unwrap();
    let taken = async || house.ask(uuid).await.ok();
    let request_id = eventually("the new secret is used", PATIENCE, taken).await;
    house.processed(&request_id).await;
    assert!(!house.row(&waiting).await.status.is_final(), "it waits, and is not lost");
}

/// F33: the key is withdrawn and another takes its place: rows are kept, and the vendor is left in peace meanwhile.
#[tokio::test]
async fn f33_a_key_that_is_withdrawn_loses_nothing() {
    let pacing = waybill_refinitiv::Pacing { refused: Duration::from_millis(300), ..quick() };
    let house = House::with(&[], pacing).await;
    house.vendor.lock().looks_before_screened = 1;
    house.vendor.results("Taylor Robbins", &["MEDIUM"]);
    let request_id = house.ask(house.verification(1, taylor()).await).await.unwrap();
    house.vendor.lock().secret = "rotated".to_owned();
    house.until(&request_id, |row| row.failing_since.is_some()).await;
    let before = house.vendor.lock().refused.len();
    assert!(before <= 2, "{before} questions with a key that is refused");
    assert!(!house.row(&request_id).await.status.is_final());
    house.vendor.lock().secret = SECRET.to_owned();
    house.processed(&request_id).await;
}
