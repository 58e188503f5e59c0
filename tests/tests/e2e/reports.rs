//! The rules of transaction reports, error reports and inquiries.

use serde_json::{Value, json};
use waybill_tests::{Party, edit, unique_hash, verification};

use crate::dev;

async fn parties() -> (Party, Party) {
    (dev().await.ours, dev().await.robot)
}

#[tokio::test]
async fn the_same_transaction_may_be_reported_again() {
    let (ours, robot) = parties().await;
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    let tx_hash = unique_hash();
    for _ in 0..3 {
        assert_eq!(ours.report_transaction(&uuid, &tx_hash, Some("1")).await.ok(), json!({"result": true}));
    }
    robot.backend.callback(&uuid, "TX_REPORT").await;
    ours.report_transaction(&uuid, &tx_hash, Some("1")).await.ok();
    assert_eq!(robot.backend.callbacks(&uuid).await.len(), 1, "one report, one callback");
}

#[tokio::test]
async fn another_transaction_is_refused() {
    let (ours, robot) = parties().await;
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    let tx_hash = unique_hash();
    ours.report_transaction(&uuid, &tx_hash, Some("1")).await.ok();
    for (hash, vout) in [(unique_hash(), Some("1")), (tx_hash.clone(), Some("2")), (tx_hash.clone(), None)] {
        ours.report_transaction(&uuid, &hash, vout).await.is_refused(409, "TX-ALREADY-REPORTED");
    }
    assert_eq!(robot.backend.callback(&uuid, "TX_REPORT").await["txHash"], tx_hash);
    assert_eq!(ours.record(&uuid).await["txHash"], tx_hash);
}

#[tokio::test]
async fn only_the_right_side_may_report_and_inquire() {
    let (ours, robot) = parties().await;
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    robot.until(&uuid, "VERIFIED").await;
    robot.report_transaction(&uuid, &unique_hash(), None).await.is_refused(403, "NOT-ORIGINATOR");
    robot.report_error(&uuid, "ERROR", "USER-CANCELED").await.is_refused(403, "NOT-ORIGINATOR");
    ours.inquire(&uuid).await.is_refused(403, "NOT-BENEFICIARY");
    assert_eq!(robot.inquire(&uuid).await.ok()["transactionStatus"], "PROCESSING");
}

#[tokio::test]
async fn nothing_is_reported_of_what_was_denied() {
    let (ours, _) = parties().await;
    let uuid = ours.verify_until(&edit(verification(), "assetInfo.symbol", json!("DOGE")), "DENIED").await;
    let transaction = ours.report_transaction(&uuid, &unique_hash(), None).await;
    transaction.is_refused(409, "VERIFICATION-NOT-VERIFIED");
    ours.report_error(&uuid, "ERROR", "USER-CANCELED").await.is_refused(409, "VERIFICATION-NOT-VERIFIED");
    assert_eq!(ours.record(&uuid).await["result"], "DENIED");
}

#[tokio::test]
async fn a_transaction_excludes_an_error_and_an_error_a_transaction() {
    let (ours, robot) = parties().await;
    let sent = ours.verify_until(&verification(), "VERIFIED").await;
    ours.report_transaction(&sent, &unique_hash(), None).await.ok();
    ours.report_error(&sent, "ERROR", "USER-CANCELED").await.is_refused(409, "ERROR-AFTER-TX");

    let given_up = ours.verify_until(&verification(), "VERIFIED").await;
    ours.report_error(&given_up, "DENIED", "NOT-ALLOWED").await.ok();
    let late = ours.report_transaction(&given_up, &unique_hash(), None).await;
    late.is_refused(409, "VERIFICATION-NOT-VERIFIED");
    assert_eq!(robot.backend.callback(&given_up, "ERROR_REPORT").await["result"], "DENIED");
    assert_eq!(robot.record(&given_up).await["result"], "DENIED");
}

#[tokio::test]
async fn the_same_error_may_be_reported_again_and_another_not() {
    let (ours, robot) = parties().await;
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    for _ in 0..2 {
        ours.report_error(&uuid, "ERROR", "USER-CANCELED").await.ok();
    }
    ours.report_error(&uuid, "DENIED", "USER-CANCELED").await.is_refused(409, "ERROR-ALREADY-REPORTED");
    ours.report_error(&uuid, "ERROR", "BLACKLISTED").await.is_refused(409, "ERROR-ALREADY-REPORTED");
    robot.backend.callback(&uuid, "ERROR_REPORT").await;
    ours.report_error(&uuid, "ERROR", "USER-CANCELED").await.ok();
    assert_eq!(robot.backend.callbacks(&uuid).await.len(), 1, "one report, one callback");
}

#[tokio::test]
async fn verified_is_no_error() {
    let (ours, _) = parties().await;
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    ours.report_error(&uuid, "VERIFIED", "OK").await.is_refused(400, "INVALID-RESULT");
    assert_eq!(ours.record(&uuid).await["result"], "VERIFIED");
}

#[tokio::test]
async fn what_is_unknown_is_not_found() {
    let (ours, _) = parties().await;
    let uuid = "00000000-0000-4000-8000-000000000000";
    let report =
        json!({"verificationUuid": uuid, "txHash": "0x1", "result": "ERROR", "reason": "USER-CANCELED"});
    for path in ["tx", "error", "tx/inquiry"] {
        let answer = ours.api.post(&format!("/v1/verifications/{path}"), &report).await;
        answer.is_refused(404, "VERIFICATION-NOT-FOUND");
        assert_eq!(answer.json()["message"], format!("Verification({uuid}) is not found"));
    }
    let record = ours.api.get(&format!("/v1/verifications/{uuid}")).await;
    record.is_refused(404, "VERIFICATION-NOT-FOUND");
}

#[tokio::test]
async fn mandatory_fields_of_reports_are_missed() {
    let (ours, _) = parties().await;
    let full = json!({
        "verificationUuid": "00000000-0000-4000-8000-000000000000",
        "txHash": "0x1", "result": "ERROR", "reason": "USER-CANCELED"
    });
    let missing = [
        ("tx", "verificationUuid", "MISSING-VERIFICATION-UUID"),
        ("tx", "txHash", "MISSING-TX-HASH"),
        ("error", "verificationUuid", "MISSING-VERIFICATION-UUID"),
        ("error", "result", "MISSING-RESULT"),
        ("error", "reason", "MISSING-REASON"),
        ("tx/inquiry", "verificationUuid", "MISSING-VERIFICATION-UUID"),
    ];
    for (path, field, code) in missing {
        let request = edit(full.clone(), field, Value::Null);
        ours.api.post(&format!("/v1/verifications/{path}"), &request).await.is_refused(400, code);
        let wrong = edit(full.clone(), field, json!({}));
        let code = code.replace("MISSING", "INVALID");
        ours.api.post(&format!("/v1/verifications/{path}"), &wrong).await.is_refused(400, &code);
    }
}
