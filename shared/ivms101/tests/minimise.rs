//! Answers hold exactly what was asked for.

#[expect(dead_code, reason = "this suite needs a part of the fixtures")]
mod fixtures;

use fixtures::{today, verification};
use serde_json::{Value, json};
use waybill_domain::{InfoCode, Role};
use waybill_ivms101::model::Party;
use waybill_ivms101::{minimise, read_verification, write};

/// What a code keeps, as (code, pointer in the document of its party).
const OF_A_PERSON: [(InfoCode, &str); 8] = [
    (InfoCode::NaturalPersonName, "/0/naturalPerson/name/nameIdentifier"),
    (InfoCode::LocalNaturalPersonName, "/0/naturalPerson/name/localNameIdentifier"),
    (InfoCode::NaturalPersonDateAndPlaceOfBirth, "/0/naturalPerson/dateAndPlaceOfBirth"),
    (InfoCode::NaturalPersonNationality, "/0/naturalPerson/nationality"),
    (InfoCode::NaturalPersonGeographicAddress, "/0/naturalPerson/geographicAddress"),
    (InfoCode::NaturalPersonNationalIdentification, "/0/naturalPerson/nationalIdentification"),
    (InfoCode::NaturalPersonCustomerIdentification, "/0/naturalPerson/customerIdentification"),
    (InfoCode::NaturalPersonCountryOfResidence, "/0/naturalPerson/countryOfResidence"),
];
const OF_A_COMPANY: [(InfoCode, &str); 12] = [
    (InfoCode::LegalPersonName, "/0/legalPerson/name/nameIdentifier"),
    (InfoCode::LocalLegalPersonName, "/0/legalPerson/name/localNameIdentifier"),
    (InfoCode::HeadOfficeGeographicAddress, "/0/legalPerson/geographicAddress/0"),
    (InfoCode::BranchOfficeGeographicAddress, "/0/legalPerson/geographicAddress/1"),
    (InfoCode::LegalPersonCustomerIdentification, "/0/legalPerson/customerIdentification"),
    (InfoCode::LegalPersonNationalIdentification, "/0/legalPerson/nationalIdentification"),
    (InfoCode::LegalPersonCountryOfRegistration, "/0/legalPerson/countryOfRegistration"),
    (InfoCode::LegalPersonDateOfIncorporation, "/0/legalPerson/dateOfIncorporation"),
    (InfoCode::CorporateRepresentativeName, "/1/naturalPerson/name/nameIdentifier"),
    (InfoCode::LocalCorporateRepresentativeName, "/1/naturalPerson/name/localNameIdentifier"),
    (InfoCode::CorporateRepresentativeDateAndPlaceOfBirth, "/1/naturalPerson/dateAndPlaceOfBirth"),
    (InfoCode::CorporateRepresentativeNationality, "/1/naturalPerson/nationality"),
];

/// The parties of the fixture, a natural person and a company, each as a beneficiary.
fn person_and_company() -> (Party, Party) {
    let payload = read_verification(&verification(), "", today()).unwrap().value;
    (payload.originator, payload.beneficiary)
}

fn minimised(party: &Party, codes: &[InfoCode]) -> Value {
    let codes: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    let party = minimise(party, &codes.join(",").parse().unwrap());
    let mut written = write::verify_vasp::party(&party, Role::Beneficiary);
    written["beneficiaryPersons"].take()
}

/// Every leaf of a document.
fn leaves(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(entries) => entries.iter().flat_map(leaves).collect(),
        Value::Object(fields) => fields.values().flat_map(leaves).collect(),
        Value::Null => Vec::new(),
        leaf => vec![leaf],
    }
}

#[test]
fn every_code_keeps_its_field_and_nothing_else() {
    let (person, company) = person_and_company();
    for (party, table) in [(&person, &OF_A_PERSON[..]), (&company, &OF_A_COMPANY[..])] {
        let whole = write::verify_vasp::party(party, Role::Beneficiary)["beneficiaryPersons"].take();
        for (code, pointer) in table {
            let kept = minimised(party, &[*code]);
            let expected = whole.pointer(pointer).unwrap();
            assert_eq!(leaves(&kept), leaves(expected), "{code}");
        }
    }
}

#[test]
fn a_code_for_another_kind_of_customer_keeps_nothing() {
    let (person, company) = person_and_company();
    for (code, _) in OF_A_COMPANY {
        assert_eq!(minimised(&person, &[code]), Value::Null, "{code}");
    }
    for (code, _) in OF_A_PERSON {
        assert_eq!(minimised(&company, &[code]), Value::Null, "{code}");
    }
    let tested = OF_A_PERSON.len() + OF_A_COMPANY.len() + 1;
    assert_eq!(InfoCode::ALL.len(), tested, "all codes but ACCOUNT_NUMBER are in the tables");
}

#[test]
fn the_account_number_always_stays() {
    let (person, company) = person_and_company();
    for party in [person, company] {
        for code in InfoCode::ALL {
            let kept = minimise(&party, &code.as_str().parse().unwrap());
            assert_eq!(kept.account_numbers, party.account_numbers);
        }
        assert_eq!(minimised(&party, &[InfoCode::AccountNumber]), Value::Null);
    }
}

#[test]
fn all_codes_keep_all_but_what_no_code_asks_for() {
    let (person, company) = person_and_company();
    let whole =
        |party: &Party| write::verify_vasp::party(party, Role::Beneficiary)["beneficiaryPersons"].take();
    assert_eq!(minimised(&person, InfoCode::ALL), whole(&person));
    let mut expected = whole(&company);
    expected[0]["legalPerson"]["name"].as_object_mut().unwrap().remove("phoneticNameIdentifier").unwrap();
    let representative = expected[1]["naturalPerson"].as_object_mut().unwrap();
    representative.remove("geographicAddress").unwrap();
    representative.remove("countryOfResidence").unwrap();
    assert_eq!(minimised(&company, InfoCode::ALL), expected);
}

#[test]
fn a_representative_is_told_from_a_customer() {
    let (_, company) = person_and_company();
    let kept = minimised(&company, &[InfoCode::CorporateRepresentativeNationality]);
    assert_eq!(kept, json!([{"legalPerson": {}}, {"naturalPerson": {"nationality": "US"}}]));
}

#[test]
fn unknown_fields_do_not_leave() {
    let mut document = verification();
    let person = &mut document["originator"]["originatorPersons"][0];
    person["a"] = json!("secret");
    for pointer in [
        "/naturalPerson",
        "/naturalPerson/name",
        "/naturalPerson/name/nameIdentifier/0",
        "/naturalPerson/geographicAddress/0",
        "/naturalPerson/nationalIdentification",
        "/naturalPerson/dateAndPlaceOfBirth",
    ] {
        person.pointer_mut(pointer).unwrap()["a"] = json!("secret");
    }
    document["originator"]["a"] = json!("secret");
    let party = read_verification(&document, "", today()).unwrap().value.originator;
    assert_eq!(write::verify_vasp::party(&party, Role::Originator).to_string().matches("secret").count(), 8);
    assert!(!minimised(&party, InfoCode::ALL).to_string().contains("secret"));
}
