//! The account check: one account, names where they are sent.

#[expect(dead_code, reason = "this suite needs a part of the fixtures")]
mod fixtures;

use fixtures::{ACCOUNT_CHECKS, ivms101};
use serde_json::{Value, json};
use waybill_ivms101::{Rule, first_fault, model::PersonDetails, read_account_check, write};

const BASE: &str = "payload.ivms101";
const ADDRESS: &str = "0x5811001506550d8356a215be229c15b6ef371a9b";

fn code(document: &Value) -> String {
    let fault = first_fault(&read_account_check(document, BASE).unwrap_err()).unwrap();
    assert_eq!(fault.status, 400);
    format!("{} {}", fault.code, fault.message.split('`').nth(1).unwrap())
}

#[test]
fn the_documented_requests_are_read_and_written_back_as_they_were() {
    for request in ACCOUNT_CHECKS {
        let document = ivms101(request);
        let checked = read_account_check(&document, BASE).unwrap();
        assert_eq!(checked.warnings, []);
        assert_eq!(checked.value.account_number(), Some(ADDRESS));
        assert_eq!(write::verify_vasp::beneficiary_only(&checked.value), document);
    }
}

#[test]
fn the_company_stands_before_its_representative() {
    let party = read_account_check(&ivms101(ACCOUNT_CHECKS[3]), BASE).unwrap().value;
    assert!(party.is_legal());
    let [company, person] = party.persons.as_slice() else { panic!("two persons") };
    let PersonDetails::Legal(company) = &company.details else { panic!("a company") };
    let PersonDetails::Natural(person) = &person.details else { panic!("a person") };
    assert_eq!(*company.name.identifiers[0].name, "A Company");
    assert_eq!(*person.name.identifiers[0].primary, "Taylor");
    assert_eq!(person.name.identifiers[0].secondary.as_deref().unwrap(), "Robbins");
}

#[test]
fn every_fault_names_its_field() {
    let person =
        |person: Value| json!({"beneficiary": {"beneficiaryPersons": [person], "accountNumber": ["0xab"]}});
    let name =
        |identifiers: Value| person(json!({"naturalPerson": {"name": {"nameIdentifier": identifiers}}}));
    for (document, expected) in [
        (json!([]), "INVALID-IVMS101 payload.ivms101"),
        (json!({}), "MISSING-BENEFICIARY payload.ivms101.beneficiary"),
        (json!({"beneficiary": null}), "MISSING-BENEFICIARY payload.ivms101.beneficiary"),
        (json!({"beneficiary": 1}), "INVALID-BENEFICIARY payload.ivms101.beneficiary"),
        (json!({"beneficiary": {}}), "MISSING-ACCOUNT-NUMBER payload.ivms101.beneficiary.accountNumber"),
        (
            json!({"beneficiary": {"accountNumber": [""]}}),
            "MISSING-ACCOUNT-NUMBER payload.ivms101.beneficiary.accountNumber",
        ),
        (
            json!({"beneficiary": {"accountNumber": ["0xab", "0xcd"]}}),
            "INVALID-ACCOUNT-NUMBER payload.ivms101.beneficiary.accountNumber",
        ),
        (
            json!({"beneficiary": {"accountNumber": [17]}}),
            "INVALID-ACCOUNT-NUMBER payload.ivms101.beneficiary.accountNumber[0]",
        ),
        (
            json!({"beneficiary": {"accountNumber": ["a".repeat(257)]}}),
            "INVALID-ACCOUNT-NUMBER payload.ivms101.beneficiary.accountNumber[0]",
        ),
        (
            json!({"beneficiary": {"accountNumber": ["0xab\u{0}"]}}),
            "INVALID-ACCOUNT-NUMBER payload.ivms101.beneficiary.accountNumber[0]",
        ),
        (person(json!({})), "INVALID-BENEFICIARY-PERSONS payload.ivms101.beneficiary.beneficiaryPersons[0]"),
        (
            person(json!({"naturalPerson": {}})),
            "MISSING-NAME payload.ivms101.beneficiary.beneficiaryPersons[0].naturalPerson.name",
        ),
        (
            name(json!("Taylor")),
            "INVALID-NAME-IDENTIFIER \
             payload.ivms101.beneficiary.beneficiaryPersons[0].naturalPerson.name.nameIdentifier",
        ),
        (
            name(json!([{"nameIdentifierType": "LEGL"}])),
            "MISSING-PRIMARY-IDENTIFIER \
             payload.ivms101.beneficiary.beneficiaryPersons[0].naturalPerson.name.nameIdentifier[0].primaryIdentifier",
        ),
        (
            name(json!([{"primaryIdentifier": "Taylor", "nameIdentifierType": "ALIA"}])),
            "INVALID-NAME-IDENTIFIER \
             payload.ivms101.beneficiary.beneficiaryPersons[0].naturalPerson.name.nameIdentifier",
        ),
    ] {
        assert_eq!(code(&document), expected);
    }
}

#[test]
fn more_than_names_is_left_out_with_a_warning() {
    let document = json!({"beneficiary": {
        "beneficiaryPersons": [{"naturalPerson": {
            "name": {"nameIdentifier": [{"primaryIdentifier": "Taylor", "nameIdentifierType": "LEGL"}]},
            "dateAndPlaceOfBirth": {"dateOfBirth": "1990-01-31", "placeOfBirth": "Singapore"},
            "favouriteColour": "teal"
        }}],
        "accountNumber": ["0xab"]
    }});
    let checked = read_account_check(&document, BASE).unwrap();
    let rules: Vec<_> = checked.warnings.iter().map(|warning| warning.rule).collect();
    assert_eq!(rules, [Rule::OutsideProfile, Rule::UnknownField]);
    let written = write::verify_vasp::beneficiary_only(&checked.value).to_string();
    assert!(
        written.contains("Taylor") && !written.contains("1990") && !written.contains("teal"),
        "{written}"
    );
}

#[test]
fn a_text_in_place_of_persons_is_no_absence_of_persons() {
    for blank in ["", "  "] {
        let value = serde_json::json!({
            "beneficiary": { "beneficiaryPersons": blank, "accountNumber": ["0x5811001506550d8356a215be229c15b6ef371a9b"] }
        });
        let findings = waybill_ivms101::read_account_check(&value, "payload.ivms101").err().unwrap();
        let fault = waybill_ivms101::first_fault(&findings).unwrap();
        assert_eq!(fault.code, "INVALID-BENEFICIARY-PERSONS");
    }
}
