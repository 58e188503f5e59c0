//! The description against the model: a document with every field, through both.

use serde_json::{Map, Value, json};
use waybill_ivms101::model::{
    Address, AddressType, Birth, LegalName, LegalNameType, LegalPerson, Names, NationalIdentification,
    NationalIdentifierType, NaturalName, NaturalNameType, NaturalPerson, Other, Party, Payload, Person,
    PersonDetails, Vasp,
};
use waybill_ivms101::write::verify_vasp;
use waybill_ivms101::{Rule, read_verification};

use super::{both_parties, parties_and_vasps};
use crate::check::Checker;
use crate::{Document, Method, Operation, Schema, Tag};

// No `..Default::default()` here: a field that the model gains must be thought of.

fn address() -> Address {
    Address {
        address_type: Some(AddressType::Home),
        department: Some("Treasury".into()),
        sub_department: Some("Custody".into()),
        street_name: Some("Main Street".into()),
        building_number: Some("12".into()),
        building_name: Some("Harbour House".into()),
        floor: Some("3".into()),
        post_box: Some("1042".into()),
        room: Some("301".into()),
        postcode: Some("LS1 4AP".into()),
        town_name: Some("Leeds".into()),
        town_location_name: Some("Holbeck".into()),
        district_name: Some("West Yorkshire".into()),
        country_sub_division: Some("England".into()),
        lines: vec!["12 Main Street".into()],
        country: "GB".into(),
        other: Other::default(),
    }
}

fn identification(kind: NationalIdentifierType) -> NationalIdentification {
    NationalIdentification {
        identifier: "7".into(),
        identifier_type: Some(kind),
        country_of_issue: Some("GB".into()),
        registration_authority: Some("RA000589".into()),
        other: Other::default(),
    }
}

fn names<Name: Clone>(name: Name) -> Names<Name> {
    Names {
        identifiers: vec![name.clone()],
        local: vec![name.clone()],
        phonetic: vec![name],
        other: Other::default(),
    }
}

fn person(details: PersonDetails) -> Person {
    Person { details, account_numbers: vec!["0x2".into()], other: Other::default() }
}

fn natural() -> Person {
    person(PersonDetails::Natural(Box::new(NaturalPerson {
        name: names(NaturalName {
            primary: "Robbins".into(),
            secondary: Some("Taylor".into()),
            name_type: Some(NaturalNameType::Legal),
            other: Other::default(),
        }),
        addresses: vec![address()],
        national_identification: Some(identification(NationalIdentifierType::Passport)),
        customer_identification: Some("C-1042".into()),
        birth: Some(Birth {
            date: "1984-09-30".parse().ok().map(waybill_ivms101::model::Private),
            place: Some("Leeds".into()),
            other: Other::default(),
        }),
        country_of_residence: Some("GB".into()),
        nationality: Some("GB".into()),
        other: Other::default(),
    })))
}

fn legal() -> Person {
    person(PersonDetails::Legal(Box::new(LegalPerson {
        name: names(LegalName {
            name: "A Company".into(),
            name_type: Some(LegalNameType::Legal),
            other: Other::default(),
        }),
        addresses: vec![address()],
        customer_identification: Some("C-1042".into()),
        national_identification: Some(identification(NationalIdentifierType::Tax)),
        country_of_registration: Some("GB".into()),
        date_of_incorporation: "2011-05-02".parse().ok().map(waybill_ivms101::model::Private),
        other: Other::default(),
    })))
}

/// Everything that the profile can say.
fn full() -> Value {
    let party = || {
        let mut persons = vec![legal(), natural()];
        // The readers of the profile gather them on the party.
        persons.iter_mut().for_each(|person| person.account_numbers.clear());
        Party { persons, account_numbers: vec!["0x1".into()], other: Other::default() }
    };
    let vasp = || Some(Vasp { person: Some(legal()), other: Other::default() });
    let payload = Payload {
        originator: party(),
        beneficiary: party(),
        originating_vasp: vasp(),
        beneficiary_vasp: vasp(),
        transfer_path: None, // read, and handed to nobody
        metadata: None,      // as well
        other: Other::default(),
    };
    verify_vasp::payload(&payload)
}

/// The fields that a request gives of it.
fn of_request(full: &Value) -> Value {
    json!({ "originator": full["originator"], "beneficiary": full["beneficiary"] })
}

fn document(schema: Schema) -> Value {
    let operation = Operation::new("it", Tag::Node, "It").body(schema, []);
    Document::default().endpoint(Method::Post, "/it", operation).into_json()
}

fn takes(document: &Value, body: &Value) -> Result<(), String> {
    Checker::new(document).request("POST", "/it", body)
}

#[test]
fn every_field_of_the_model_is_described() {
    takes(&document(parties_and_vasps()), &full()).unwrap();
    takes(&document(both_parties()), &of_request(&full())).unwrap();
}

/// The other way round: what is described is a field of the model.
#[test]
fn every_described_field_is_one_of_the_model() {
    for (schema, body) in [(parties_and_vasps(), full()), (both_parties(), of_request(&full()))] {
        let mut written = Vec::new();
        collect(&body, &mut |fields| written.extend(fields.keys().cloned()));
        // A VASP is a company, and might be a human being.
        let mut described = Vec::new();
        collect(&document(schema), &mut |fields| {
            if let Some(Value::Object(properties)) = fields.get("properties") {
                described.extend(properties.keys().cloned());
            }
        });
        described.retain(|field| !["code", "message"].contains(&field.as_str()));
        let unknown: Vec<_> = described.iter().filter(|field| !written.contains(field)).collect();
        assert!(described.len() > 30 && unknown.is_empty(), "{unknown:?}");
    }
}

fn collect(value: &Value, visit: &mut impl FnMut(&Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            visit(fields);
            fields.values().for_each(|field| collect(field, visit));
        }
        Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, visit)),
        _ => {}
    }
}

const LONGER_THAN_ALL: usize = 600;

/// For each text, reader and description draw the same line between too long and long enough.
#[test]
fn lengths_are_those_of_the_reader() {
    let (body, document) = (of_request(&full()), document(both_parties()));
    let today = "2026-01-01".parse().unwrap();
    let is_too_long = |body: &Value| {
        let findings = match read_verification(body, "", today) {
            Ok(checked) => checked.warnings,
            Err(findings) => findings,
        };
        findings.iter().any(|finding| finding.rule == Rule::Length)
    };
    let mut bounded = 0;
    for pointer in texts(&body, "") {
        let with = |text: String| {
            let mut body = body.clone();
            *body.pointer_mut(&pointer).unwrap() = text.into();
            body
        };
        let too_long = |length: usize| is_too_long(&with("A".repeat(length)));
        if !too_long(LONGER_THAN_ALL) {
            continue; // a code, a date, a country
        }
        bounded += 1;
        let lengths: Vec<usize> = (1..=LONGER_THAN_ALL).collect();
        let longest = lengths.partition_point(|length| !too_long(*length));
        let told = takes(&document, &with("A".repeat(longest)));
        assert!(told.is_ok(), "{pointer}: the reader takes {longest} characters: {told:?}");
        let told = takes(&document, &with("A".repeat(longest + 1)));
        assert!(told.is_err(), "{pointer}: the reader takes {longest} characters only");
    }
    assert!(bounded > 60, "{bounded}");
}

/// JSON pointers to all texts.
fn texts(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, field)| texts(field, &format!("{at}/{name}"))).collect()
        }
        Value::Array(entries) => {
            entries.iter().enumerate().flat_map(|(n, entry)| texts(entry, &format!("{at}/{n}"))).collect()
        }
        Value::String(_) => vec![at.to_owned()],
        _ => Vec::new(),
    }
}
