//! The user verification beyond what the table of cases shows.

mod common;

use common::{Fixture, OURS, ROBOT, TAYLORS, legal, natural, set, verification_request};
use serde_json::{Value, json};

async fn verify(edits: &[(&str, Value)]) -> Value {
    let fixture = Fixture::new();
    let mut request = verification_request();
    for (path, value) in edits {
        set(&mut request, path, value.clone());
    }
    let answer = fixture.post(ROBOT, "verification", &request).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

const PERSONS: &str = "ivms101.beneficiary.beneficiaryPersons";
const REQUIRED: &str = "requiredBeneficiaryInfo";

#[tokio::test]
async fn the_usual_answer_has_exactly_these_fields() {
    let expected = json!({
        "result": "VERIFIED", "reason": "OK", "version": "1.0",
        "ivms101": {"beneficiary": {
            "beneficiaryPersons": [natural("Taylor", "Robbins")], "accountNumber": [TAYLORS]}},
    });
    assert_eq!(verify(&[]).await, expected);
}

#[tokio::test]
async fn a_denial_keeps_the_account_and_names_nobody() {
    let answer = verify(&[(PERSONS, json!([natural("Sam", "Stranger")]))]).await;
    let expected = json!({
        "result": "DENIED", "reason": "MISMATCHED-NAME", "version": "1.0",
        "ivms101": {"beneficiary": {"accountNumber": [TAYLORS]}},
    });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn only_what_is_asked_for_is_told() {
    let persons = |answer: &Value| answer["ivms101"]["beneficiary"]["beneficiaryPersons"].clone();
    let nothing = verify(&[(REQUIRED, json!("ACCOUNT_NUMBER"))]).await;
    assert_eq!(persons(&nothing), json!([]));

    let birth = json!("NATURAL_PERSON_DATE_AND_PLACE_OF_BIRTH, ACCOUNT_NUMBER");
    let answer = verify(&[(REQUIRED, birth)]).await;
    let expected = json!({"dateOfBirth": "1990-05-17", "placeOfBirth": "Springfield"});
    assert_eq!(persons(&answer), json!([{"naturalPerson": {"dateAndPlaceOfBirth": expected}}]));
}

#[tokio::test]
async fn a_company_comes_before_its_representatives() {
    let company = json!([legal("A Company"), natural("Sam", "Stranger"), natural("Taylor", "Robbins")]);
    let codes = json!("LEGAL_PERSON_NAME,CORPORATE_REPRESENTATIVE_NAME,NATURAL_PERSON_NAME,ACCOUNT_NUMBER");
    let answer = verify(&[(PERSONS, company), (REQUIRED, codes)]).await;
    let persons = &answer["ivms101"]["beneficiary"]["beneficiaryPersons"];
    assert_eq!(*persons, json!([legal("A Company"), natural("Taylor", "Robbins")]));
}

#[tokio::test]
async fn codes_that_no_customer_has_are_named_in_order() {
    let codes =
        json!("LEGAL_PERSON_NAME,BRANCH_OFFICE_GEOGRAPHIC_ADDRESS,LEGAL_PERSON_DATE_OF_INCORPORATION");
    let answer = verify(&[(PERSONS, json!([legal("A Company")])), (REQUIRED, codes)]).await;
    assert_eq!(answer["reason"], "UNAVAILABLE-INFORMATION");
    assert_eq!(answer["message"], "BRANCH_OFFICE_GEOGRAPHIC_ADDRESS,LEGAL_PERSON_DATE_OF_INCORPORATION");
}

#[tokio::test]
async fn names_are_needed_above_the_threshold_only() {
    let nobody = (PERSONS, Value::Null);
    assert_eq!(verify(std::slice::from_ref(&nobody)).await["reason"], "MISMATCHED-NAME");
    let below = ("assetInfo.isExceedingThreshold", json!(false));
    assert_eq!(verify(&[nobody, below]).await["result"], "VERIFIED");
}

#[tokio::test]
async fn our_backend_verifies_what_the_robot_sends() {
    let fixture = Fixture::new();
    let mut request = verification_request();
    set(&mut request, "originatingVaspId", json!(ROBOT));
    set(&mut request, PERSONS, json!([natural("park", "MINA")]));
    let ours = json!(["0xCE9C5FE2b18e6cf1f6cbc0b5c468036d705ffc10"]);
    set(&mut request, "ivms101.beneficiary.accountNumber", ours.clone());
    let answer = fixture.post(OURS, "verification", &request).await.json();
    assert_eq!(answer["result"], "VERIFIED");
    assert_eq!(answer["ivms101"]["beneficiary"]["accountNumber"], ours, "as it was sent, letter by letter");
}

#[tokio::test]
async fn a_request_that_the_interface_does_not_allow_is_refused() {
    let fixture = Fixture::new();
    for (path, value, code) in [
        ("verificationUuid", Value::Null, "MISSING-VERIFICATION-UUID"),
        ("verificationUuid", json!("7"), "INVALID-VERIFICATION-UUID"),
        ("assetInfo.isExceedingThreshold", Value::Null, "MISSING-IS-EXCEEDING-THRESHOLD"),
        ("assetInfo.amount", json!(1.5), "INVALID-AMOUNT"),
        (REQUIRED, Value::Null, "MISSING-REQUIRED-BENEFICIARY-INFO"),
        (REQUIRED, json!("FAVOURITE_COLOUR"), "INVALID-REQUIRED-BENEFICIARY-INFO"),
        ("ivms101.originator", Value::Null, "MISSING-ORIGINATOR"),
    ] {
        let mut request = verification_request();
        set(&mut request, path, value);
        let answer = fixture.post(ROBOT, "verification", &request).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].clone()), (400, json!(code)));
    }
}
