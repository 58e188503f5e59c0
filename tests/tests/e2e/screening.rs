//! Risk assessment: both sides screen the other, and hear of every result.

use serde_json::{Value, json};
use waybill_tests::{OUR_ID, Party, ROBOT_ADDRESS, ROBOT_ID, edit, person, unique_hash, verification};

use crate::account::{is_time, names};
use crate::dev;

/// One ether, as in the interface's example.
fn one_ether() -> Value {
    edit(verification(), "assetInfo.amount", json!("1"))
}

async fn from_stranger(party: Party, primary: &str, secondary: &str) -> String {
    let persons = json!([person(primary, secondary, Some("1970-01-02"))]);
    let request = edit(verification(), "payload.ivms101.originator.originatorPersons", persons);
    party.verify_until(&request, "VERIFIED").await
}

#[tokio::test]
async fn both_sides_look_into_the_sanctions_lists() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let request = one_ether();
    let uuid = ours.verify_until(&request, "VERIFIED").await;
    robot.until(&uuid, "VERIFIED").await;
    let sender = request["payload"]["ivms101"]["originator"]["accountNumber"][0].clone();
    for (party, counterparty, direction, address) in
        [(ours, ROBOT_ID, "OUTGOING", json!(ROBOT_ADDRESS)), (robot, OUR_ID, "INCOMING", sender)]
    {
        let answer = party.screen("chainalysis-sanction", &uuid).await.ok();
        let found = &answer["chainalysisSanction"];
        assert_eq!(
            names(found),
            ["requestId", "counterpartyVaspId", "direction", "address", "status", "createdAt"]
        );
        assert_eq!(found["counterpartyVaspId"], counterparty);
        assert_eq!((&found["direction"], &found["address"]), (&json!(direction), &address));
        assert_eq!(found["status"], "NOHIT");
        assert!(is_time(&found["createdAt"]));
    }
}

#[tokio::test]
async fn a_transfer_is_assessed_before_and_after_its_hash_on_both_sides() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let uuid = ours.verify_until(&one_ether(), "VERIFIED").await;
    robot.until(&uuid, "VERIFIED").await;
    let refused = robot.screen("chainalysis-kyt", &uuid).await;
    let message = "Chainalysis KYT API for received transfer should be called after txHash is reported";
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json(), json!({"code": "UNSUPPORTED-RISK-ASSESSMENT", "message": message}));

    let attempt = ours.request_id("chainalysis-kyt", &uuid).await;
    let told = ours.backend.assessment(&uuid, &attempt).await;
    let kyt = &told["riskAssessment"]["chainalysisKYT"];
    assert_eq!((&kyt["apiType"], &kyt["direction"]), (&json!("ATTEMPT"), &json!("OUTGOING")));
    assert_eq!((&kyt["network"], &kyt["usdPrice"]), (&json!("ETHEREUM"), &json!("1820.17")));
    assert_eq!((&kyt["userId"], &kyt["counterpartyVaspId"]), (&json!(ROBOT_ID), &json!(ROBOT_ID)));
    assert_eq!((&kyt["status"], &kyt["alertCount"]), (&json!("PROCESSED"), &json!(0)));
    assert!(kyt.get("transferRef").is_none() && is_time(&kyt["assessedAt"]), "{kyt}");
    assert!(told["riskAssessment"].get("chainalysisKYTAlerts").is_none());

    let hash = unique_hash();
    ours.report_transaction(&uuid, &hash, None).await.ok();
    robot.backend.callback(&uuid, "TX_REPORT").await;
    for (party, direction, counterparty) in [(ours, "OUTGOING", ROBOT_ID), (robot, "INCOMING", OUR_ID)] {
        let request = party.request_id("chainalysis-kyt", &uuid).await;
        assert_ne!(request, attempt);
        let told = party.backend.assessment(&uuid, &request).await;
        let kyt = &told["riskAssessment"]["chainalysisKYT"];
        assert_eq!((&kyt["apiType"], &kyt["direction"]), (&json!("TRANSFER"), &json!(direction)));
        assert_eq!(kyt["counterpartyVaspId"], counterparty);
        assert_eq!(kyt["transferRef"], format!("{hash}:{ROBOT_ADDRESS}"));
        assert_eq!((&kyt["status"], &kyt["alertCount"]), (&json!("PROCESSED"), &json!(0)));
        let entry = party.api.get(&format!("/v1/risk-assessment/{request}")).await.ok();
        assert_eq!((&entry["status"], &entry["verificationUuid"]), (&json!("PROCESSED"), &json!(uuid)));
        assert!(entry["keyId"].is_string(), "{entry}");
    }
}

#[tokio::test]
async fn both_sides_have_the_others_customer_screened() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let uuid = from_stranger(ours, "Exactmatch", "Ella").await;
    robot.until(&uuid, "VERIFIED").await;
    for (party, direction, strength) in [(ours, "OUTGOING", None), (robot, "INCOMING", Some("EXACT"))] {
        let request = party.request_id("refinitiv-wco", &uuid).await;
        let told = party.backend.assessment(&uuid, &request).await;
        let wco = &told["riskAssessment"]["refinitivWorldCheckOne"];
        assert_eq!((&wco["direction"], &wco["status"]), (&json!(direction), &json!("PROCESSED")));
        assert_eq!(wco["matchStrength"].as_str(), strength, "{wco}");
        assert!(wco["caseSystemId"].as_str().is_some_and(|id| !id.is_empty()) && is_time(&wco["assessedAt"]));
        let summary = wco["aggregatedSummaryResult"].as_str().expect("the summary is text");
        assert!(summary.chars().count() <= 4096);
        let summary: Value = serde_json::from_str(summary).expect("and JSON");
        // Taylor Robbins is in many verifications: one case serves those of the same minute.
        let begins = if strength.is_some() { uuid.clone() } else { String::new() };
        let case = summary["caseId"].as_str().unwrap_or_default();
        assert!(case.starts_with(&begins) && case.contains(&format!("-{direction}-")), "{case}");
    }
}

#[tokio::test]
async fn other_persons_can_be_screened_in_place_of_the_verifications() {
    let ours = dev().await.ours;
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    let beneficiary = json!({"beneficiaryPersons": [person("Strongmatch", "Stig", None)]});
    let body = json!({
        "verificationUuid": uuid, "payload": {"version": "1.0", "ivms101": {"beneficiary": beneficiary}}
    });
    let answer = ours.api.post("/v1/risk-assessment/refinitiv-wco", &body).await.ok();
    let request = answer["requestId"].as_str().expect("a request id");
    let told = ours.backend.assessment(&uuid, request).await;
    assert_eq!(told["riskAssessment"]["refinitivWorldCheckOne"]["matchStrength"], "STRONG");
}

#[tokio::test]
async fn the_history_lists_what_was_asked_about_one_verification() {
    let ours = dev().await.ours;
    let uuid = ours.verify_until(&one_ether(), "VERIFIED").await;
    ours.screen("chainalysis-sanction", &uuid).await.ok();
    for vendor in ["chainalysis-kyt", "refinitiv-wco"] {
        let request = ours.request_id(vendor, &uuid).await;
        ours.backend.assessment(&uuid, &request).await;
    }
    let page = ours.api.get(&format!("/v1/risk-assessment?verificationUuid={uuid}")).await.ok();
    let entries = page["riskAssessments"].as_array().expect("a list");
    let mut vendors: Vec<&str> = entries.iter().filter_map(|entry| entry["vendor"].as_str()).collect();
    vendors.sort_unstable();
    assert_eq!(vendors, ["chainalysis-kyt", "chainalysis-sanction", "refinitiv-wco"]);
    for entry in entries {
        assert!(is_time(&entry["createdAt"]) && entry["keyId"].is_string(), "{entry}");
        assert_eq!(entry["origin"], "API");
    }
}

#[tokio::test]
async fn the_same_request_is_paid_for_once() {
    let ours = dev().await.ours;
    let uuid = ours.verify_until(&one_ether(), "VERIFIED").await;
    for vendor in ["chainalysis-kyt", "refinitiv-wco"] {
        let path = format!("/v1/risk-assessment/{vendor}");
        let key = [("idempotency-key", uuid.as_str())];
        let body = json!({ "verificationUuid": uuid });
        let first = ours.api.post_with(&path, &key, &body).await.ok();
        assert_eq!(ours.api.post_with(&path, &key, &body).await.ok(), first);
        let other = edit(body, "network", json!("Ethereum"));
        let refused = ours.api.post_with(&path, &key, &other).await;
        assert_eq!(refused.status, 409, "{vendor}");
    }
}
