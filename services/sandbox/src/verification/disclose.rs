//! What is told of a beneficiary, by the codes of `requiredBeneficiaryInfo`.

use serde_json::{Map, Value, json};
use waybill_domain::{InfoCode, RequiredBeneficiaryInfo};

use crate::customers::{Company, Customer, Home, Person};

/// A code, the IVMS101 key it fills, and how.
type Field<T> = (InfoCode, &'static str, fn(&T) -> Value);

/// All that is known of a natural person. Nationality and a name in local script are not.
const PERSON: &[Field<Person>] = &[
    (InfoCode::NaturalPersonName, "name", natural_name),
    (InfoCode::NaturalPersonGeographicAddress, "geographicAddress", |person| address("HOME", &person.home)),
    (InfoCode::NaturalPersonNationalIdentification, "nationalIdentification", national_id),
    (InfoCode::NaturalPersonCustomerIdentification, "customerIdentification", |person| {
        json!(person.customer_id)
    }),
    (InfoCode::NaturalPersonDateAndPlaceOfBirth, "dateAndPlaceOfBirth", birth),
    (InfoCode::NaturalPersonCountryOfResidence, "countryOfResidence", |person| json!(person.home.country)),
];

/// All that is known of a legal person. Branch offices and the date of incorporation are not.
const COMPANY: &[Field<Company>] = &[
    (InfoCode::LegalPersonName, "name", legal_name),
    (InfoCode::HeadOfficeGeographicAddress, "geographicAddress", |company| {
        address("GEOG", &company.head_office)
    }),
    (InfoCode::LegalPersonCustomerIdentification, "customerIdentification", |company| {
        json!(company.customer_id)
    }),
    (InfoCode::LegalPersonNationalIdentification, "nationalIdentification", registration),
    (InfoCode::LegalPersonCountryOfRegistration, "countryOfRegistration", |company| {
        json!(company.head_office.country)
    }),
];

/// All that is told of a company's representatives.
const REPRESENTATIVE: &[Field<Person>] = &[
    (InfoCode::CorporateRepresentativeName, "name", natural_name),
    (InfoCode::CorporateRepresentativeDateAndPlaceOfBirth, "dateAndPlaceOfBirth", birth),
];

/// Those of the asked codes that cannot be told. Codes for the other kind of person ask for nothing here: who asks
/// does not always know whether the beneficiary is a person or a company.
pub(super) fn unavailable(holder: Customer, asked: &RequiredBeneficiaryInfo) -> Vec<InfoCode> {
    let is_told = |code: InfoCode| match holder {
        Customer::Natural(_) => codes(PERSON).contains(&code) || !is_about_person(code),
        Customer::Legal(_) => company_codes().contains(&code) || is_about_person(code),
    };
    asked.iter().filter(|code| *code != InfoCode::AccountNumber && !is_told(*code)).collect()
}

/// The beneficiary's persons with the asked fields only: for a company, itself first, then its representatives.
pub(super) fn persons(holder: Customer, asked: &RequiredBeneficiaryInfo) -> Vec<Value> {
    with_fields(holder, &asked.iter().collect::<Vec<_>>())
}

/// As [`persons`], with all that is known.
pub(super) fn everything(holder: Customer) -> Vec<Value> {
    with_fields(holder, InfoCode::ALL)
}

fn with_fields(holder: Customer, asked: &[InfoCode]) -> Vec<Value> {
    let mut persons = Vec::new();
    match holder {
        Customer::Natural(person) => push(&mut persons, "naturalPerson", filled(PERSON, person, asked)),
        Customer::Legal(company) => {
            push(&mut persons, "legalPerson", filled(COMPANY, company, asked));
            for person in company.representatives {
                push(&mut persons, "naturalPerson", filled(REPRESENTATIVE, person, asked));
            }
        }
    }
    persons
}

fn codes<T>(fields: &[Field<T>]) -> Vec<InfoCode> {
    fields.iter().map(|(code, ..)| *code).collect()
}

fn company_codes() -> Vec<InfoCode> {
    [codes(COMPANY), codes(REPRESENTATIVE)].concat()
}

fn filled<T>(fields: &[Field<T>], subject: &T, asked: &[InfoCode]) -> Map<String, Value> {
    let asked = fields.iter().filter(|(code, ..)| asked.contains(code));
    asked.map(|(_, key, value)| ((*key).to_owned(), value(subject))).collect()
}

fn push(persons: &mut Vec<Value>, kind: &str, fields: Map<String, Value>) {
    if !fields.is_empty() {
        persons.push(json!({ kind: fields }));
    }
}

fn is_about_person(code: InfoCode) -> bool {
    code.as_str().contains("NATURAL_PERSON")
}

fn natural_name(person: &Person) -> Value {
    let (primary, secondary) = person.legal_name;
    json!({"nameIdentifier": [
        {"primaryIdentifier": primary, "secondaryIdentifier": secondary, "nameIdentifierType": "LEGL"}
    ]})
}

fn legal_name(company: &Company) -> Value {
    json!({"nameIdentifier": [
        {"legalPersonName": company.legal_name, "legalPersonNameIdentifierType": "LEGL"}
    ]})
}

fn birth(person: &Person) -> Value {
    json!({"dateOfBirth": person.birth_date, "placeOfBirth": person.birth_place})
}

fn national_id(person: &Person) -> Value {
    json!({
        "nationalIdentifier": person.national_id,
        "nationalIdentifierType": "IDCD",
        "countryOfIssue": person.home.country,
    })
}

fn registration(company: &Company) -> Value {
    json!({
        "nationalIdentifier": company.registration_number,
        "nationalIdentifierType": "RAID",
        "registrationAuthority": company.registration_authority,
    })
}

fn address(kind: &str, at: &Home) -> Value {
    json!([{
        "addressType": kind,
        "streetName": at.street,
        "buildingNumber": at.building,
        "postcode": at.postcode,
        "townName": at.town,
        "country": at.country,
    }])
}
