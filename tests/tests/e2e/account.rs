//! `POST /v1/verifications/account`.

use serde_json::{Value, json};
use waybill_domain::parse_time;
use waybill_sandbox::{Case, Endpoint, cases};
use waybill_tests::{OUR_ADDRESS, OUR_ID, account_check, edit, person, unique};

use crate::dev;

/// The names of the fields, in order.
pub fn names(object: &Value) -> Vec<&str> {
    object.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

/// The usual request of a case's endpoint, changed as the case says.
pub fn edited(usual: Value, case: &Case) -> Value {
    case.edits.iter().fold(usual, |request, (path, json)| {
        edit(request, path, serde_json::from_str(json).expect("an edit is JSON"))
    })
}

/// Result, reason and message of what the sandbox's table says, `None` for a case that is not an answer.
pub fn answer_of(case: &Case) -> Option<(&str, Option<&str>, Option<&str>)> {
    let (codes, message) = match case.answer.split_once(" \"") {
        Some((codes, message)) => (codes, message.strip_suffix('"')),
        None => (case.answer.split(',').next().unwrap_or_default(), None),
    };
    let (result, reason) =
        codes.split_once(' ').map_or((codes, None), |(result, reason)| (result, Some(reason)));
    ["VERIFIED", "DENIED", "ERROR"].contains(&result).then_some((result, reason, message))
}

pub fn is_time(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.len() == "2022-03-03T21:52:08.092Z".len() && text.ends_with('Z') && parse_time(text).is_ok()
}

#[tokio::test]
async fn the_four_examples_are_verified() {
    let examples = [
        include_str!("../../fixtures/account/address-only.json"),
        include_str!("../../fixtures/account/natural-person-name.json"),
        include_str!("../../fixtures/account/legal-person-address-only.json"),
        include_str!("../../fixtures/account/legal-person-name.json"),
    ];
    for example in examples {
        let answer = dev().await.ours.check_account(&serde_json::from_str(example).unwrap()).await.ok();
        assert_eq!(names(&answer), ["accountVerificationResult", "verifiedAt"], "{example}");
        assert_eq!(answer["accountVerificationResult"], "VERIFIED");
        assert!(is_time(&answer["verifiedAt"]), "{answer}");
    }
}

#[tokio::test]
async fn every_answer_of_the_sandbox_arrives_as_it_is() {
    let account = cases().into_iter().filter(|case| case.endpoint == Endpoint::Account);
    let mut reasons = Vec::new();
    for case in account {
        let Some((result, reason, message)) = answer_of(&case) else { continue };
        let answer = dev().await.ours.check_account(&edited(account_check(), &case)).await.ok();
        let mut expected = json!({"accountVerificationResult": result});
        for (name, value) in [("reason", reason), ("message", message)] {
            if let Some(value) = value {
                expected[name] = json!(value);
            }
        }
        expected["verifiedAt"] = answer["verifiedAt"].clone();
        assert_eq!(answer, expected, "{}", case.answer);
        assert_eq!(names(&answer), names(&expected), "{}", case.answer);
        assert!(is_time(&answer["verifiedAt"]), "{answer}");
        reasons.extend(reason.map(str::to_owned));
    }
    for reason in waybill_domain::reason::ACCOUNT_ANSWER {
        assert!(reasons.iter().any(|tried| tried == reason), "{reason} was not tried");
    }
}

#[tokio::test]
async fn every_key_type_works_again_and_again() {
    for key_type in ["PerVasp", "PerAddress", "PerVerification", "PerEoa"] {
        for _ in 0..2 {
            let request = edit(account_check(), "keyType", json!(key_type));
            let answer = dev().await.ours.check_account(&request).await.ok();
            assert_eq!(answer["accountVerificationResult"], "VERIFIED", "{key_type}");
        }
    }
}

#[tokio::test]
async fn a_key_is_given_for_an_address_that_nobody_has() {
    let address = unique("0xnobody");
    let request = edit(account_check(), "keyType", json!("PerAddress"));
    let request = edit(request, "payload.ivms101.beneficiary.accountNumber", json!([address]));
    let answer = dev().await.ours.check_account(&request).await.ok();
    assert_eq!(answer["reason"], "UNKNOWN-ADDRESS");
}

#[tokio::test]
async fn the_robot_can_ask_us() {
    let request = edit(account_check(), "beneficiaryVaspId", json!(OUR_ID));
    let address = json!([OUR_ADDRESS]);
    let request = edit(request, "payload.ivms101.beneficiary.accountNumber", address);
    let persons = |name| json!([person("Park", name, None)]);
    for (name, result) in [("Mina", "VERIFIED"), ("Minah", "DENIED")] {
        let request = edit(request.clone(), "payload.ivms101.beneficiary.beneficiaryPersons", persons(name));
        let answer = dev().await.robot.check_account(&request).await.ok();
        assert_eq!(answer["accountVerificationResult"], result);
    }
}

#[tokio::test]
async fn the_backend_is_asked_as_the_interface_says() {
    let address = unique("0xasked");
    let request = edit(account_check(), "payload.ivms101.beneficiary.accountNumber", json!([address]));
    let persons = json!([person("Taylor", "Robbins", None)]);
    let request = edit(request, "payload.ivms101.beneficiary.beneficiaryPersons", persons.clone());
    dev().await.ours.check_account(&request).await.ok();
    let journal = dev().await.robot.backend.journal("account").await;
    let is_ours = |entry: &&Value| entry["body"]["ivms101"]["beneficiary"]["accountNumber"][0] == address;
    let asked: Vec<&Value> = journal.iter().filter(is_ours).collect();
    let expected = json!({
        "originatingVaspId": OUR_ID,
        "symbol": "ETH",
        "network": "Ethereum",
        "version": "1.0",
        "ivms101": {"beneficiary": {"beneficiaryPersons": persons, "accountNumber": [address]}},
    });
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0]["body"], expected);
    assert_eq!(asked[0]["headers"]["authorization"], "Bearer ***");
}

#[tokio::test]
async fn mandatory_fields_are_missed_and_wrong_ones_refused() {
    const ACCOUNT: &str = "payload.ivms101.beneficiary.accountNumber";
    let refused = async |path: &str, value: Value, code: &str, message: &str| {
        let answer = dev().await.ours.check_account(&edit(account_check(), path, value)).await;
        answer.is_refused(400, code);
        assert_eq!(answer.json()["message"].as_str().unwrap().get(..message.len()), Some(message));
    };
    refused("keyType", Value::Null, "MISSING-KEY-TYPE", "`keyType` is required.").await;
    refused("keyType", json!("PerPlanet"), "INVALID-KEY-TYPE", "`keyType` is invalid value.").await;
    refused("keyType", json!(1), "INVALID-KEY-TYPE", "`keyType` is invalid value.").await;
    refused("beneficiaryVaspId", Value::Null, "MISSING-VASP", "`beneficiaryVaspId` is required.").await;
    refused("beneficiaryVaspId", json!("x"), "INVALID-VASP", "`beneficiaryVaspId` is invalid value.").await;
    refused("symbol", Value::Null, "MISSING-SYMBOL", "`symbol` is required.").await;
    refused("symbol", json!("S".repeat(17)), "INVALID-SYMBOL", "`symbol` is invalid value.").await;
    refused("network", json!(["Ethereum"]), "INVALID-NETWORK", "`network` is invalid value.").await;
    refused("payload", Value::Null, "MISSING-PAYLOAD", "`payload` is required.").await;
    refused("payload.version", Value::Null, "MISSING-VERSION", "`payload.version` is required.").await;
    refused("payload.ivms101", Value::Null, "MISSING-IVMS101", "`payload.ivms101` is required.").await;
    refused(
        "payload.ivms101.beneficiary",
        Value::Null,
        "MISSING-BENEFICIARY",
        "`payload.ivms101.beneficiary` is",
    )
    .await;
    refused(ACCOUNT, Value::Null, "MISSING-ACCOUNT-NUMBER", &format!("`{ACCOUNT}` is required.")).await;
    refused(ACCOUNT, json!(["a", "b"]), "INVALID-ACCOUNT-NUMBER", &format!("`{ACCOUNT}")).await;
}

#[tokio::test]
async fn strangers_are_no_members() {
    let request = edit(account_check(), "beneficiaryVaspId", json!("18446744073709551615"));
    let answer = dev().await.ours.check_account(&request).await;
    answer.is_refused(400, "ALLIANCE-NOT-FOUND");
    assert_eq!(answer.json()["message"], "Alliance is not found in given vendor");
}
