//! The personal data of a verification: profile, dialects, findings.

#[expect(dead_code, reason = "this suite needs a part of the fixtures")]
mod fixtures;

use fixtures::{today, verification};
use serde_json::{Value, json};
use waybill_ivms101::{
    Finding, Profile, Rule, first_fault, read_answer, read_person, read_screened, read_verification,
    validate, write,
};

const PERSON: &str = "/originator/originatorPersons/0/naturalPerson";
const COMPANY: &str = "/beneficiary/beneficiaryPersons/0/legalPerson";

/// The verification with the value at a JSON pointer replaced; its parent must be there.
fn with(pointer: &str, value: Value) -> Value {
    let mut document = verification();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[last] = value;
    document
}

/// The verification with the field at a JSON pointer taken away.
fn without(pointer: &str) -> Value {
    let mut document = verification();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(last).unwrap();
    document
}

/// The verification with a field under another name.
fn renamed(pointer: &str, name: &str) -> Value {
    let value = verification().pointer(pointer).unwrap().clone();
    let mut document = without(pointer);
    let (parent, _) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[name] = value;
    document
}

fn errors(document: &Value) -> Vec<Finding> {
    read_verification(document, "payload.ivms101", today()).unwrap_err()
}

#[test]
fn a_full_document_is_read_and_written_back_as_it_was() {
    let checked = read_verification(&verification(), "payload.ivms101", today()).unwrap();
    assert_eq!(checked.warnings, []);
    assert_eq!(write::verify_vasp::payload(&checked.value), verification());
    assert_eq!(
        validate::validate_payload(&checked.value, Profile::VerifyVasp, today(), "payload.ivms101"),
        []
    );
}

#[test]
fn what_is_mandatory_is_missed_by_name() {
    for (pointer, code) in [
        ("/originator", "MISSING-ORIGINATOR"),
        ("/originator/originatorPersons", "MISSING-ORIGINATOR-PERSONS"),
        ("/originator/accountNumber", "MISSING-ACCOUNT-NUMBER"),
        ("/beneficiary", "MISSING-BENEFICIARY"),
        ("/beneficiary/beneficiaryPersons", "MISSING-BENEFICIARY-PERSONS"),
        ("/beneficiary/accountNumber", "MISSING-ACCOUNT-NUMBER"),
        (&format!("{PERSON}/name"), "MISSING-NAME"),
        (&format!("{PERSON}/name/nameIdentifier"), "MISSING-NAME-IDENTIFIER"),
        (&format!("{PERSON}/name/nameIdentifier/0/primaryIdentifier"), "MISSING-PRIMARY-IDENTIFIER"),
        (&format!("{PERSON}/dateAndPlaceOfBirth/dateOfBirth"), "MISSING-DATE-OF-BIRTH"),
        (&format!("{PERSON}/dateAndPlaceOfBirth/placeOfBirth"), "MISSING-PLACE-OF-BIRTH"),
        (&format!("{PERSON}/geographicAddress/0/addressType"), "MISSING-ADDRESS-TYPE"),
        (&format!("{PERSON}/geographicAddress/0/country"), "MISSING-COUNTRY"),
        (&format!("{PERSON}/nationalIdentification/nationalIdentifier"), "MISSING-NATIONAL-IDENTIFIER"),
        (
            &format!("{PERSON}/nationalIdentification/nationalIdentifierType"),
            "MISSING-NATIONAL-IDENTIFIER-TYPE",
        ),
        (&format!("{COMPANY}/name"), "MISSING-NAME"),
        (&format!("{COMPANY}/name/nameIdentifier/0/legalPersonName"), "MISSING-LEGAL-PERSON-NAME"),
        ("/originatingVASP/originatingVASP/legalPerson/name", "MISSING-NAME"),
    ] {
        let fault = first_fault(&errors(&without(pointer))).unwrap();
        assert_eq!(fault.code, code, "{pointer}");
        let index = |segment: &str| segment.parse::<usize>().is_ok();
        let segments = pointer.split('/').skip(1).filter(|segment| !index(segment));
        for segment in segments {
            assert!(fault.message.contains(segment), "{pointer}: {fault}");
        }
    }
}

#[test]
fn what_breaks_a_rule_is_named_with_the_rule() {
    let long = |length: usize| Value::from("a".repeat(length));
    for (pointer, value, rule) in [
        ("/originator/accountNumber", json!(["a", "b"]), Rule::AccountCount),
        (&format!("{PERSON}/name/nameIdentifier/0/primaryIdentifier"), long(101), Rule::Length),
        (&format!("{PERSON}/name/nameIdentifier/0/primaryIdentifier"), json!("Kim\n"), Rule::Characters),
        (&format!("{PERSON}/name/nameIdentifier/1/nameIdentifierType"), json!("NICK"), Rule::CodeList),
        (
            &format!("{PERSON}/name/nameIdentifier/0/nameIdentifierType"),
            json!("MAID"),
            Rule::NaturalPersonName,
        ),
        (&format!("{PERSON}/geographicAddress/0/buildingNumber"), long(17), Rule::Length),
        (&format!("{PERSON}/geographicAddress/0/addressLine"), json!(vec!["a"; 8]), Rule::Length),
        (&format!("{PERSON}/geographicAddress/0/country"), json!("KOR"), Rule::Country),
        (&format!("{PERSON}/geographicAddress"), json!(5), Rule::Shape),
        (&format!("{PERSON}/nationalIdentification/nationalIdentifierType"), json!("CARD"), Rule::CodeList),
        (&format!("{PERSON}/nationalIdentification/countryOfIssue"), json!("ZZ"), Rule::Country),
        (&format!("{PERSON}/customerIdentification"), long(51), Rule::Length),
        (&format!("{PERSON}/dateAndPlaceOfBirth/dateOfBirth"), json!("05.06.1987"), Rule::Date),
        (&format!("{PERSON}/dateAndPlaceOfBirth/placeOfBirth"), long(71), Rule::Length),
        (&format!("{PERSON}/nationality"), json!("Korea"), Rule::Country),
        (&format!("{PERSON}/countryOfResidence"), json!(82), Rule::Shape),
        (&format!("{COMPANY}/name/nameIdentifier/0/legalPersonName"), long(101), Rule::Length),
        (
            &format!("{COMPANY}/name/nameIdentifier/0/legalPersonNameIdentifierType"),
            json!("SHRT"),
            Rule::LegalPersonName,
        ),
        (&format!("{COMPANY}/dateOfIncorporation"), json!("2009-02-29"), Rule::Date),
        (&format!("{COMPANY}/nationalIdentification/registrationAuthority"), long(9), Rule::Length),
    ] {
        let found = errors(&with(pointer, value));
        assert_eq!(found.len(), 1, "{pointer}: {found:?}");
        assert_eq!(found[0].rule, rule, "{pointer}");
        assert!(first_fault(&found).unwrap().code.starts_with("INVALID-"), "{pointer}");
    }
}

#[test]
fn lengths_count_characters() {
    let name = format!("{PERSON}/name/localNameIdentifier/0/primaryIdentifier");
    assert!(read_verification(&with(&name, "민".repeat(100).into()), "", today()).is_ok());
    assert!(read_verification(&with(&name, "민".repeat(101).into()), "", today()).is_err());
}

#[test]
fn a_company_stands_first_and_alone() {
    let persons = verification()["beneficiary"]["beneficiaryPersons"].clone();
    let (company, human) = (persons[0].clone(), persons[1].clone());
    for (order, broken) in [
        (json!([human, company]), "payload.ivms101.beneficiary.beneficiaryPersons[1]"),
        (json!([company, company]), "payload.ivms101.beneficiary.beneficiaryPersons[1]"),
    ] {
        let found = errors(&with("/beneficiary/beneficiaryPersons", order));
        assert_eq!((found[0].rule, found[0].path.as_str()), (Rule::PersonOrder, broken));
    }
    let both = json!([{"legalPerson": company["legalPerson"], "naturalPerson": human["naturalPerson"]}]);
    assert_eq!(errors(&with("/beneficiary/beneficiaryPersons", both))[0].rule, Rule::PersonKind);
    let only_humans = json!([human, human]);
    assert!(read_verification(&with("/beneficiary/beneficiaryPersons", only_humans), "", today()).is_ok());
}

#[test]
fn the_first_fault_is_the_first_in_the_document() {
    let mut document = without("/originator/accountNumber");
    document["beneficiary"] = json!(5);
    document["originator"]["originatorPersons"][0]["naturalPerson"]["nationality"] = json!("Korea");
    let paths: Vec<_> = errors(&document).into_iter().map(|finding| finding.path).collect();
    assert_eq!(
        paths,
        [
            "payload.ivms101.originator.originatorPersons[0].naturalPerson.nationality",
            "payload.ivms101.originator.accountNumber",
            "payload.ivms101.beneficiary",
        ]
    );
}

#[test]
fn other_spellings_are_read_and_the_right_ones_written() {
    let address = format!("{PERSON}/geographicAddress/0");
    let mut misspelt = with(&format!("{COMPANY}/geographicAddress/1/addressType"), json!("GEO"));
    misspelt["beneficiary"]["beneficiaryPersons"][1]["naturalPerson"]["nationality"] = json!("us");
    for document in [
        misspelt,
        renamed("/originator/originatorPersons", "originatorPerson"),
        renamed("/beneficiary/beneficiaryPersons", "beneficiaryPerson"),
        renamed(&format!("{address}/postcode"), "postCode"),
        renamed(&format!("{PERSON}/dateAndPlaceOfBirth"), "dataAndPlaceOfBirth"),
        renamed(&format!("{COMPANY}/customerIdentification"), "customerNumber"),
        renamed(
            &format!("{PERSON}/name/nameIdentifier/0/nameIdentifierType"),
            "naturalPersonNameIdentifierType",
        ),
        with("/originator/accountNumber", verification()["originator"]["accountNumber"][0].clone()),
        with("/originator/originatorPersons", verification()["originator"]["originatorPersons"][0].clone()),
        with(&format!("{PERSON}/customerIdentification"), json!("customer-4711")),
        with(&format!("{address}/floor"), Value::Null),
        with("/originatingVASP", verification()["originatingVASP"]["originatingVASP"].clone()),
    ] {
        let checked = read_verification(&document, "", today()).unwrap();
        assert_eq!(write::verify_vasp::payload(&checked.value), verification());
        assert_eq!(checked.warnings, []);
    }
}

#[test]
fn accounts_on_the_person_become_accounts_of_the_party() {
    let mut document = without("/originator/accountNumber");
    document["originator"]["originatorPersons"][0]["accountNumber"] = json!(["0xab"]);
    let payload = read_verification(&document, "", today()).unwrap().value;
    assert_eq!(payload.originator.account_number(), Some("0xab"));
}

#[test]
fn unknown_fields_are_kept_with_a_warning() {
    let mut document = verification();
    document["transferPath"] = json!("unreadable, and no part of the profile");
    document["payloadMetadata"] = json!({"payloadVersion": "101"});
    document["originator"]["originatorPersons"][0]["since"] = json!(2020);
    document["originator"]["originatorPersons"][0]["naturalPerson"]["name"]["pet"] = json!("Mimi");
    document["beneficiary"]["beneficiaryPersons"][0]["legalPerson"]["geographicAddress"][1]["geo"] =
        json!({"a": null});
    let checked = read_verification(&document, "", today()).unwrap();
    assert_eq!(write::verify_vasp::payload(&checked.value), document);
    let paths: Vec<_> = checked.warnings.iter().map(|warning| warning.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "",
            "originator.originatorPersons[0]",
            "originator.originatorPersons[0].naturalPerson.name",
            "beneficiary.beneficiaryPersons[0].legalPerson.geographicAddress[1]",
        ]
    );
    assert!(checked.warnings.iter().all(|warning| warning.rule == Rule::UnknownField));
}

#[test]
fn an_answer_may_lack_what_was_not_asked_for() {
    let bare = read_answer(&json!({"beneficiary": {"accountNumber": ["0xab"]}}), "ivms101").unwrap().value;
    assert_eq!(bare.account_number(), Some("0xab"));
    let nameless = json!({"beneficiary": {"beneficiaryPersons": [{"naturalPerson": {"nationality": "US"}}]}});
    let party = read_answer(&nameless, "ivms101").unwrap().value;
    assert_eq!(party.account_number(), None);
    assert_eq!(write::verify_vasp::beneficiary_only(&party), nameless);
    let broken = json!({"beneficiary": {"beneficiaryPersons": [{"naturalPerson": {"nationality": "USA"}}]}});
    assert_eq!(read_answer(&broken, "ivms101").unwrap_err()[0].rule, Rule::Country);
}

#[test]
fn of_those_who_are_screened_either_side_may_be_absent_and_accounts_do_not_matter() {
    let party = |document: &Value, side: &str| {
        let mut party = document[side].clone();
        party.as_object_mut().unwrap().remove("accountNumber");
        party
    };
    let document = verification();
    let read = |ivms101: &Value| read_screened(ivms101, "payload.ivms101", today());
    let one = read(&json!({ "beneficiary": party(&document, "beneficiary") })).unwrap().value;
    assert!(one.0.is_none() && !one.1.unwrap().persons.is_empty());
    let both = read(&document).unwrap().value;
    assert!(both.0.is_some() && both.1.is_some());
    assert_eq!(read(&json!({})).unwrap().value, (None, None));
    let findings = read(&json!({ "originator": {} })).unwrap_err();
    assert_eq!(findings[0].fault().message, "`payload.ivms101.originator.originatorPersons` is required.");
}

#[test]
fn a_single_person_is_read_for_the_directory() {
    let vasp = verification()["originatingVASP"]["originatingVASP"].clone();
    let person = read_person(&vasp, "legalPerson").unwrap().value;
    assert_eq!(write::verify_vasp::person(&person), vasp);
    assert_eq!(read_person(&json!({"legalPerson": {}}), "").unwrap_err()[0].path, "legalPerson.name");
}

#[test]
fn nothing_personal_is_printed() {
    fn leaves(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) if text.len() > 2 => found.push(text.clone()),
            Value::Array(entries) => entries.iter().for_each(|entry| leaves(entry, found)),
            Value::Object(fields) => fields.values().for_each(|field| leaves(field, found)),
            _ => {}
        }
    }
    let mut document = verification();
    document["originator"]["originatorPersons"][0]["naturalPerson"]["hobby"] = json!("falconry");
    let checked = read_verification(&document, "", today()).unwrap();
    let printed = format!("{checked:?} {checked:#?}");
    let mut values = Vec::new();
    leaves(&document, &mut values);
    assert!(printed.contains("LegalPerson") && values.iter().any(|value| value == "falconry"));
    for value in values.iter().filter(|value| value.len() != 4) {
        assert!(!printed.contains(value.as_str()), "{value} is printed");
    }
    assert!(!printed.contains("1987") && !printed.contains("2009"));
}
