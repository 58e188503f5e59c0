//! The robot sends to us, and we send to ourselves.

use serde_json::json;
use waybill_tests::{OUR_ADDRESS, OUR_ID, edit, person, to_us, unique_hash};

use crate::dev;

#[tokio::test]
async fn the_robot_sends_to_us() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let uuid = robot.verify(&to_us()).await;
    let told = robot.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    assert_eq!(told["verificationResult"], "VERIFIED", "{told}");
    let tx_hash = unique_hash();
    robot.report_transaction(&uuid, &tx_hash, None).await.ok();
    let report = ours.backend.callback(&uuid, "TX_REPORT").await;
    assert_eq!(report["txHash"], tx_hash);
    assert_eq!(ours.inquire(&uuid).await.ok()["verificationUuid"], uuid);
    let account = told["ivms101"]["beneficiary"]["accountNumber"][0].as_str().unwrap();
    assert_eq!(account, OUR_ADDRESS);
}

#[tokio::test]
async fn we_send_to_ourselves() {
    let ours = dev().await.ours;
    let check = json!({
        "keyType": "PerVasp", "beneficiaryVaspId": OUR_ID, "symbol": "ETH",
        "payload": {"version": "1.0", "ivms101": {"beneficiary": {"accountNumber": [OUR_ADDRESS]}}}
    });
    assert_eq!(ours.check_account(&check).await.ok()["accountVerificationResult"], "VERIFIED");

    let request = to_us();
    let uuid = ours.verify(&request).await;
    let told = ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    assert_eq!(told["verificationResult"], "VERIFIED", "{told}");
    assert_eq!(ours.backend.bodies("verification", &uuid).await.len(), 1);
    let tx_hash = unique_hash();
    ours.report_transaction(&uuid, &tx_hash, None).await.ok();
    ours.backend.callback(&uuid, "TX_REPORT").await;
    assert_eq!(ours.inquire(&uuid).await.ok()["transactionStatus"], "PROCESSING");
    let kinds: Vec<String> = ours.backend.callbacks(&uuid).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["VERIFICATION_RESULT", "TX_REPORT"]);

    let account = request["payload"]["ivms101"]["originator"]["accountNumber"][0].as_str().unwrap();
    for action in ["SEND", "RECEIVE"] {
        let query = format!("originatorAccountNumber={account}&actionType={action}");
        assert_eq!(ours.list(&query).await.0, 1, "one row, both roles");
    }
}

#[tokio::test]
async fn we_give_up_sending_to_ourselves() {
    let ours = dev().await.ours;
    let uuid = ours.verify_until(&to_us(), "VERIFIED").await;
    ours.report_error(&uuid, "ERROR", "USER-CANCELED").await.ok();
    assert_eq!(ours.backend.callback(&uuid, "ERROR_REPORT").await["reason"], "USER-CANCELED");
    assert_eq!(ours.record(&uuid).await["result"], "ERROR");
}

#[tokio::test]
async fn our_own_denial_arrives() {
    let ours = dev().await.ours;
    let stranger = json!([person("Sam", "Stranger", None)]);
    let request = edit(to_us(), "payload.ivms101.beneficiary.beneficiaryPersons", stranger);
    let uuid = ours.verify(&request).await;
    let told = ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    assert_eq!((&told["verificationResult"], &told["reason"]), (&json!("DENIED"), &json!("MISMATCHED-NAME")));
}
