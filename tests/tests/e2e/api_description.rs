//! The OpenAPI document: valid, the reviewed one, and true of what real programs say to each other.

use serde_json::{Value, json};
use waybill_openapi::check::{Checker, check_document};
use waybill_testkit::TestFolder;
use waybill_tests::{
    Client, Dev, OUR_ID, ROBOT_ADDRESS, account_check, edit, person, stderr, stdout, unique_hash,
    verification, waybill,
};

use crate::dev;

/// What `waybill openapi` prints.
fn printed() -> Value {
    let output = waybill(&["openapi"], &TestFolder::new());
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn it_is_openapi_3_1_and_its_examples_fit() {
    check_document(&printed()).unwrap();
}

/// Accept a change with `INSTA_UPDATE=always`: it is a change of the interface.
#[test]
fn it_is_the_one_that_was_reviewed() {
    insta::assert_json_snapshot!("openapi", printed());
}

#[tokio::test]
async fn a_node_serves_it() {
    assert_eq!(dev().await.ours.api.get("/openapi.json").await.ok(), printed());
}

#[tokio::test]
async fn what_the_backends_are_told_and_asked_is_described() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let checker = Checker::new(&printed());
    let persons = json!([person("Taylor", "Robbins", None)]);
    ours.check_account(&edit(account_check(), "payload.ivms101.beneficiary.beneficiaryPersons", persons))
        .await
        .ok();
    let uuid = ours.verify_until(&verification(), "VERIFIED").await;
    ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    ours.report_transaction(&uuid, &unique_hash(), Some("1")).await.ok();
    robot.backend.callback(&uuid, "TX_REPORT").await;
    robot.inquire(&uuid).await.ok();
    let cancelled = ours.verify_until(&verification(), "VERIFIED").await;
    ours.report_error(&cancelled, "ERROR", "USER-CANCELED").await.ok();
    robot.backend.callback(&cancelled, "ERROR_REPORT").await;

    let of_usual_checks =
        |entry: &Value| entry["body"]["ivms101"]["beneficiary"]["accountNumber"][0] == ROBOT_ADDRESS;
    let journal = robot.backend.journal("account").await.into_iter();
    let account: Vec<Value> = journal.filter(of_usual_checks).map(|entry| entry["body"].clone()).collect();
    for (name, asked) in [
        ("account-verification", account),
        ("user-verification", robot.backend.bodies("verification", &uuid).await),
        ("transaction-status", ours.backend.bodies("transaction", &uuid).await),
    ] {
        assert!(!asked.is_empty(), "{name}");
        for body in asked {
            checker.webhook(name, &body).unwrap_or_else(|why| panic!("{name}: {why}\n{body:#}"));
        }
    }
    for (party, uuid, kind) in [
        (ours, &uuid, "VERIFICATION_RESULT"),
        (robot, &uuid, "TX_REPORT"),
        (robot, &cancelled, "ERROR_REPORT"),
    ] {
        let body = json!({"callbackType": kind, "data": party.backend.callback(uuid, kind).await});
        checker.webhook(kind, &body).unwrap_or_else(|why| panic!("{kind}: {why}\n{body:#}"));
    }
}

/// Whoever sends an example to `waybill dev` as it stands is answered as the description promises.
#[tokio::test]
async fn the_examples_of_requests_work_as_they_stand() {
    let (ours, document) = (dev().await.ours, printed());
    let examples = |path: &str| {
        let body = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"];
        let examples: Vec<Value> =
            body.as_object().unwrap().values().map(|example| example["value"].clone()).collect();
        examples
    };
    for question in examples("/v1/verifications/account") {
        assert_eq!(ours.check_account(&question).await.ok()["accountVerificationResult"], "VERIFIED");
    }
    for question in examples("/v1/verifications") {
        for path in ["/v1/verifications/tx", "/v1/verifications/error"] {
            let uuid = ours.verify_until(&question, "VERIFIED").await;
            for report in examples(path) {
                ours.api.post(path, &edit(report, "verificationUuid", json!(uuid))).await.ok();
            }
        }
    }
}

/// The sandbox's backends are the model for those who write one.
#[tokio::test]
async fn what_the_backends_answer_is_described() {
    let dev = Dev::start().await;
    let robot = dev.robot;
    let checker = Checker::new(&printed());
    let sandbox = Client::new(robot.api.port() - 217 + 300);
    let secrets = std::fs::read(dev.place().state().join("robot/secrets.json")).unwrap();
    let secrets: Value = serde_json::from_slice(&secrets).unwrap();
    let token = format!("Bearer {}", secrets["backendToken"].as_str().unwrap());
    let asked = json!({
        "originatingVaspId": OUR_ID, "symbol": "ETH", "network": "Ethereum", "version": "1.0",
        "ivms101": {"beneficiary": {"accountNumber": [ROBOT_ADDRESS]}}
    });
    for (symbol, result) in [("ETH", "VERIFIED"), ("NOPE", "DENIED")] {
        let asked = edit(asked.clone(), "symbol", json!(symbol));
        checker.webhook("account-verification", &asked).unwrap();
        let path = format!("/vasps/{}/account", robot.vasp_id);
        let answer = sandbox.post_with(&path, &[("authorization", &token)], &asked).await;
        assert_eq!(answer.json()["accountVerificationResult"], result);
        checker.webhook_answer("account-verification", answer.status.as_u16(), &answer.json()).unwrap();
    }
}
