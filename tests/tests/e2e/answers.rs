//! What a counterparty can answer to a verification, and how it arrives.

use serde_json::{Value, json};
use waybill_sandbox::{Case, Endpoint, cases};
use waybill_tests::{Dev, Party, edit, verification};

use crate::account::{answer_of, edited};
use crate::dev;

fn verification_cases() -> impl Iterator<Item = Case> {
    cases().into_iter().filter(|case| case.endpoint == Endpoint::Verification)
}

/// The magic address whose holder behaves so.
fn magic(answer: &str) -> Case {
    verification_cases().find(|case| case.answer.contains(answer)).expect("the sandbox has such a case")
}

#[tokio::test]
async fn every_answer_of_the_sandbox_arrives_as_it_is() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let mut reasons = Vec::new();
    for case in verification_cases().filter(|case| !case.answer.contains("another accountNumber")) {
        let Some((result, reason, message)) = answer_of(&case) else { continue };
        let uuid = ours.verify(&edited(verification(), &case)).await;
        let told = ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
        assert_eq!(told["verificationResult"], result, "{}: {told}", case.answer);
        assert_eq!(told["reason"].as_str(), reason, "{}: {told}", case.answer);
        assert_eq!(told["message"].as_str(), message, "{}: {told}", case.answer);
        for party in [ours, robot] {
            let record = party.until(&uuid, result).await;
            assert_eq!(record["reason"].as_str(), reason, "{}: {record}", case.answer);
            assert_eq!(record["message"].as_str(), message, "{}: {record}", case.answer);
        }
        reasons.extend(reason.map(str::to_owned));
    }
    for reason in waybill_domain::reason::VERIFICATION_ANSWER {
        assert!(reasons.iter().any(|tried| tried == reason), "{reason} was not tried");
    }
}

#[tokio::test]
async fn nothing_is_told_that_was_not_asked_for() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let request = edited(verification(), &magic("tells all it knows"));
    let uuid = ours.verify(&request).await;
    let told = ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    let beneficiary = &told["ivms101"]["beneficiary"];
    let persons = beneficiary["beneficiaryPersons"].as_array().unwrap();
    assert_eq!(persons.len(), 1, "{told}");
    let person = persons[0]["naturalPerson"].as_object().unwrap();
    assert_eq!(person.keys().collect::<Vec<_>>(), ["name"], "{told}");
    assert_eq!(beneficiary["accountNumber"], request["payload"]["ivms101"]["beneficiary"]["accountNumber"]);
    for party in [ours, robot] {
        let record = party.record(&uuid).await;
        let stored: Value = serde_json::from_str(record["ivms101Beneficiary"].as_str().unwrap()).unwrap();
        let person = stored["beneficiaryPersons"][0]["naturalPerson"].as_object().unwrap();
        assert_eq!(person.keys().collect::<Vec<_>>(), ["name"], "{}", party.vasp_id);
    }
}

#[tokio::test]
async fn more_is_told_when_more_is_asked_for() {
    let ours = dev().await.ours;
    let asked = "NATURAL_PERSON_NAME,NATURAL_PERSON_DATE_AND_PLACE_OF_BIRTH,ACCOUNT_NUMBER";
    let uuid = ours.verify(&edit(verification(), "requiredBeneficiaryInfo", json!(asked))).await;
    let told = ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    let person = &told["ivms101"]["beneficiary"]["beneficiaryPersons"][0]["naturalPerson"];
    assert_eq!(person["dateAndPlaceOfBirth"]["dateOfBirth"], "1990-05-17", "{told}");
    assert_eq!(person.as_object().unwrap().len(), 2, "{told}");
}

#[tokio::test]
async fn another_account_number_in_the_answer_ends_as_an_error() {
    let (ours, robot) = (dev().await.ours, dev().await.robot);
    let uuid = ours.verify(&edited(verification(), &magic("another accountNumber"))).await;
    let told = ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    assert_eq!(told["verificationResult"], "ERROR");
    assert_eq!(told["reason"], "BENEFICIARY-ACCOUNT-NOT-MATCHED");
    for party in [ours, robot] {
        let record = party.until(&uuid, "ERROR").await;
        assert_eq!(record["reason"], "BENEFICIARY-ACCOUNT-NOT-MATCHED", "{}", party.vasp_id);
    }
}

/// Slower than the budget for an inline answer, quicker than the limit of the backend.
#[tokio::test]
async fn a_late_answer_ends_as_a_prompt_one() {
    let dev = Dev::start().await;
    let prompt = outcome(dev.ours, dev.robot).await;
    dev.robot.backend.switch(&json!({"mode": "slow", "endpoint": "verification", "delayMs": 2500})).await;
    assert_eq!(outcome(dev.ours, dev.robot).await, prompt);
}

/// All that can be seen of one verification, without what differs by nature.
async fn outcome(ours: Party, robot: Party) -> Value {
    let request = edit(verification(), "payload.ivms101.originator.accountNumber", json!(["the same"]));
    let uuid = ours.verify(&request).await;
    let mut told = ours.backend.callback(&uuid, "VERIFICATION_RESULT").await;
    let mut records = [ours.until(&uuid, "VERIFIED").await, robot.until(&uuid, "VERIFIED").await];
    for object in records.iter_mut().chain([&mut told]) {
        for differs in ["verificationUuid", "verificationId", "createdAt", "verifiedAt"] {
            object.as_object_mut().unwrap().shift_remove(differs);
        }
    }
    json!({
        "callback": told,
        "records": records,
        "asked": robot.backend.bodies("verification", &uuid).await.len(),
        "callbacks": ours.backend.callbacks(&uuid).await.len(),
    })
}
