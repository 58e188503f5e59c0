//! What is told of a beneficiary, by the codes of `requiredBeneficiaryInfo`.

use serde_json::{Map, Value, json};

use crate::customers::{Company, Customer, Home, Person};

/// A code, the IVMS101 key it fills, and how.
type Field<T> = (&'static str, &'static str, fn(&T) -> Value);

/// All that is known of a natural person. Nationality and a name in local script are not.
const PERSON: &[Field<Person>] = &[
    ("NATURAL_PERSON_NAME", "name", natural_name),
    ("NATURAL_PERSON_GEOGRAPHIC_ADDRESS", "geographicAddress", |person| address("HOME", &person.home)),
    ("NATURAL_PERSON_NATIONAL_IDENTIFICATION", "nationalIdentification", national_id),
    ("NATURAL_PERSON_CUSTOMER_IDENTIFICATION", "customerIdentification", |person| json!(person.customer_id)),
    ("NATURAL_PERSON_DATE_AND_PLACE_OF_BIRTH", "dateAndPlaceOfBirth", birth),
    ("NATURAL_PERSON_COUNTRY_OF_RESIDENCE", "countryOfResidence", |person| json!(person.home.country)),
];

/// All that is known of a legal person. Branch offices and the date of incorporation are not.
const COMPANY: &[Field<Company>] = &[
    ("LEGAL_PERSON_NAME", "name", legal_name),
    ("HEAD_OFFICE_GEOGRAPHIC_ADDRESS", "geographicAddress", |company| address("GEOG", &company.head_office)),
    ("LEGAL_PERSON_CUSTOMER_IDENTIFICATION", "customerIdentification", |company| json!(company.customer_id)),
    ("LEGAL_PERSON_NATIONAL_IDENTIFICATION", "nationalIdentification", registration),
    ("LEGAL_PERSON_COUNTRY_OF_REGISTRATION", "countryOfRegistration", |company| {
        json!(company.head_office.country)
    }),
];

/// All that is told of a company's representatives.
const REPRESENTATIVE: &[Field<Person>] = &[
    ("CORPORATE_REPRESENTATIVE_NAME", "name", natural_name),
    ("CORPORATE_REPRESENTATIVE_DATE_AND_PLACE_OF_BIRTH", "dateAndPlaceOfBirth", birth),
];

/// Those of the asked codes that cannot be told. Codes for the other kind of person ask for nothing here: who asks
/// does not always know whether the beneficiary is a person or a company.
pub(super) fn unavailable<'a>(holder: Customer, asked: &[&'a str]) -> Vec<&'a str> {
    let (known, of_other_kind) = match holder {
        Customer::Natural(_) => (codes(PERSON), is_about_company as fn(&str) -> bool),
        Customer::Legal(_) => {
            ([codes(COMPANY), codes(REPRESENTATIVE)].concat(), is_about_person as fn(&str) -> bool)
        }
    };
    let is_told = |code: &str| code == "ACCOUNT_NUMBER" || known.contains(&code) || of_other_kind(code);
    asked.iter().copied().filter(|code| !is_told(code)).collect()
}

/// The beneficiary's persons with the asked fields only: for a company, itself first, then its representatives.
pub(super) fn persons(holder: Customer, asked: &[&str]) -> Vec<Value> {
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

/// As [`persons`], with all that is known.
pub(super) fn everything(holder: Customer) -> Vec<Value> {
    persons(holder, &[codes(PERSON), codes(COMPANY), codes(REPRESENTATIVE)].concat())
}

fn codes<T>(fields: &[Field<T>]) -> Vec<&'static str> {
    fields.iter().map(|(code, ..)| *code).collect()
}

fn filled<T>(fields: &[Field<T>], subject: &T, asked: &[&str]) -> Map<String, Value> {
    let asked = fields.iter().filter(|(code, ..)| asked.contains(code));
    asked.map(|(_, key, value)| ((*key).to_owned(), value(subject))).collect()
}

fn push(persons: &mut Vec<Value>, kind: &str, fields: Map<String, Value>) {
    if !fields.is_empty() {
        persons.push(json!({ kind: fields }));
    }
}

fn is_about_person(code: &str) -> bool {
    code.starts_with("NATURAL_PERSON") || code.starts_with("LOCAL_NATURAL_PERSON")
}

fn is_about_company(code: &str) -> bool {
    const STARTS: [&str; 6] = [
        "LEGAL_PERSON",
        "LOCAL_LEGAL_PERSON",
        "CORPORATE_REPRESENTATIVE",
        "LOCAL_CORPORATE_REPRESENTATIVE",
        "HEAD_OFFICE",
        "BRANCH_OFFICE",
    ];
    STARTS.iter().any(|start| code.starts_with(start))
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
