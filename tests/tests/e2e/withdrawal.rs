//! The withdrawal of the interface's guide, from the list of members to the transaction.

use serde_json::{Value, json};
use waybill_tests::{
    OUR_ID, Party, ROBOT_ADDRESS, ROBOT_ID, account_check, edit, person, unique_hash, verification,
};

use crate::account::{is_time, names};
use crate::dev;

#[tokio::test]
async fn a_whole_withdrawal() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);

    // The customer chooses a VASP from the list, and gives address and name.
    let vasps = ours.api.get("/v1/vasps").await.ok();
    assert!(vasps["vasps"].as_array().unwrap().iter().any(|vasp| vasp["vaspId"] == ROBOT_ID));
    let persons = json!([person("Taylor", "Robbins", None)]);
    let check = edit(account_check(), "payload.ivms101.beneficiary.beneficiaryPersons", persons);
    assert_eq!(ours.check_account(&check).await.ok()["accountVerificationResult"], "VERIFIED");

    let request = verification();
    let accepted = ours.api.post("/v1/verifications", &request).await.ok();
    assert_eq!(names(&accepted), ["verificationUuid", "createdAt"]);
    assert!(is_time(&accepted["createdAt"]));
    let uuid = accepted["verificationUuid"].as_str().unwrap();

    the_robot_was_asked(robot, uuid, &request).await;
    we_were_told(ours, uuid).await;
    both_have_the_record(ours, robot, uuid, &request).await;

    let tx_hash = unique_hash();
    assert_eq!(ours.report_transaction(uuid, &tx_hash, Some("3")).await.ok(), json!({"result": true}));
    let report = robot.backend.callback(uuid, "TX_REPORT").await;
    assert_eq!(report, json!({"verificationUuid": uuid, "txHash": tx_hash, "vout": "3"}));
    for party in [ours, robot] {
        let record = party.record(uuid).await;
        assert_eq!((&record["txHash"], &record["vout"]), (&json!(tx_hash), &json!("3")));
        assert!(is_time(&record["orderedAt"]), "{record}");
        let (count, found) = party.list(&format!("txHash={tx_hash}")).await;
        assert_eq!((count, &found[0]["verificationUuid"]), (1, &json!(uuid)));
    }

    // The robot asks how far it is; our backend knows.
    let status = json!({"transactionStatus": "CONFIRMED", "txHash": tx_hash, "vout": "3"});
    ours.backend.set_transaction(uuid, &status).await;
    let inquired = robot.inquire(uuid).await.ok();
    let expected =
        json!({"verificationUuid": uuid, "transactionStatus": "CONFIRMED", "txHash": tx_hash, "vout": "3"});
    assert_eq!(inquired, expected);
    assert_eq!(ours.backend.bodies("transaction", uuid).await, [json!({"verificationUuid": uuid})]);
    assert_eq!(ours.backend.callbacks(uuid).await.len(), 1, "the originator hears of the result only");
    assert_eq!(robot.backend.callbacks(uuid).await.len(), 1, "the beneficiary of the transaction only");
}

async fn the_robot_was_asked(robot: Party, uuid: &str, request: &Value) {
    let asked = robot.backend.body("verification", uuid).await;
    assert_eq!(asked["originatingVaspId"], OUR_ID);
    assert_eq!(asked["version"], "1.0");
    assert_eq!(asked["requiredBeneficiaryInfo"], request["requiredBeneficiaryInfo"]);
    assert_eq!(asked["assetInfo"], request["assetInfo"]);
    let (sent, got) = (&request["payload"]["ivms101"], &asked["ivms101"]);
    assert_eq!(names(got), ["originator", "beneficiary", "originatingVASP", "beneficiaryVASP"]);
    assert_eq!(got["originator"], sent["originator"]);
    assert_eq!(got["beneficiary"], sent["beneficiary"]);
    for (block, name) in
        [("originatingVASP", "Harbour Exchange Ltd"), ("beneficiaryVASP", "Robot VASP Pte. Ltd.")]
    {
        let vasp = got[block].to_string();
        assert!(vasp.contains(name), "{block}: {vasp}");
    }
}

async fn we_were_told(ours: Party, uuid: &str) {
    let told = ours.backend.callback(uuid, "VERIFICATION_RESULT").await;
    assert_eq!(told["verificationUuid"], uuid);
    assert_eq!((&told["verificationResult"], &told["reason"]), (&json!("VERIFIED"), &json!("OK")));
    let expected = json!({
        "beneficiaryPersons": [person("Taylor", "Robbins", None)],
        "accountNumber": [ROBOT_ADDRESS]
    });
    assert_eq!(told["ivms101"]["beneficiary"], expected);
}

async fn both_have_the_record(ours: Party, robot: Party, uuid: &str, request: &Value) {
    let account = request["payload"]["ivms101"]["originator"]["accountNumber"][0].as_str().unwrap();
    for (party, action, opposite) in [(ours, "SEND", ROBOT_ID), (robot, "RECEIVE", OUR_ID)] {
        let record = party.record(uuid).await;
        assert_eq!((&record["result"], &record["reason"]), (&json!("VERIFIED"), &json!("OK")));
        assert_eq!(record["originatingVaspId"], OUR_ID);
        assert_eq!(record["beneficiaryVaspId"], ROBOT_ID);
        assert_eq!(record["originatorAccountNumber"], account);
        assert_eq!(record["beneficiaryAccountNumber"], ROBOT_ADDRESS);
        assert_eq!(record["assetInfo"], request["assetInfo"]);
        assert!(is_time(&record["verifiedAt"]) && is_time(&record["createdAt"]), "{record}");
        for block in
            ["ivms101Originator", "ivms101OriginatingVasp", "ivms101Beneficiary", "ivms101BeneficiaryVasp"]
        {
            let text = record[block].as_str().unwrap_or_else(|| panic!("{block} is text: {record}"));
            assert!(serde_json::from_str::<Value>(text).unwrap().is_object(), "{block}");
        }
        let originator: Value = serde_json::from_str(record["ivms101Originator"].as_str().unwrap()).unwrap();
        assert!(originator.to_string().contains("Alex"), "{originator}");
        let query =
            format!("originatorAccountNumber={account}&actionType={action}&oppositeVaspId={opposite}");
        assert_eq!(party.list(&query).await, (1, vec![record]));
        let other = if action == "SEND" { "RECEIVE" } else { "SEND" };
        assert_eq!(party.list(&format!("originatorAccountNumber={account}&actionType={other}")).await.0, 0);
    }
}

#[tokio::test]
async fn a_withdrawal_that_is_given_up() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    let report = json!({
        "verificationUuid": uuid, "result": "ERROR", "reason": "USER-CANCELED", "message": "changed their mind"
    });
    assert_eq!(ours.api.post("/v1/verifications/error", &report).await.ok(), json!({"result": true}));
    assert_eq!(robot.backend.callback(&uuid, "ERROR_REPORT").await, report);
    for party in [ours, robot] {
        let record = party.record(&uuid).await;
        assert_eq!((&record["result"], &record["reason"]), (&json!("ERROR"), &json!("USER-CANCELED")));
    }
}

#[tokio::test]
async fn several_withdrawals_in_one_transaction() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let tx_hash = unique_hash();
    let mut uuids = Vec::new();
    for _ in 0..3 {
        uuids.push(ours.verify_until(&verification(), "VERIFIED").await);
    }
    for (vout, uuid) in uuids.iter().enumerate() {
        ours.report_transaction(uuid, &tx_hash, Some(&vout.to_string())).await.ok();
    }
    for (vout, uuid) in uuids.iter().enumerate() {
        let report = robot.backend.callback(uuid, "TX_REPORT").await;
        assert_eq!(report, json!({"verificationUuid": uuid, "txHash": tx_hash, "vout": vout.to_string()}));
    }
    let (count, records) = robot.list(&format!("txHash={tx_hash}")).await;
    assert_eq!(count, 3);
    let newest_first: Vec<&str> =
        records.iter().map(|record| record["verificationUuid"].as_str().unwrap()).collect();
    uuids.reverse();
    assert_eq!(newest_first, uuids);
}

#[tokio::test]
async fn every_key_type_carries_a_withdrawal() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    for key_type in ["PerVasp", "PerAddress", "PerVerification"] {
        let uuid = ours.verify_until(&edit(verification(), "keyType", json!(key_type)), "VERIFIED").await;
        ours.report_transaction(&uuid, &unique_hash(), None).await.ok();
        robot.backend.callback(&uuid, "TX_REPORT").await;
    }
}
