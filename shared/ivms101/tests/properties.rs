//! No document panics the reader, and nothing that was read gets lost on the way out.

#[expect(dead_code, reason = "this suite needs a part of the fixtures")]
mod fixtures;

use fixtures::today;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use waybill_ivms101::{
    Rule, Severity, first_fault, read, read_account_check, read_answer, read_person, read_verification, write,
};

/// Field names that mean something, and one that does not.
const NAMES: &[&str] = &[
    "originator",
    "Originator",
    "beneficiary",
    "originatingVASP",
    "beneficiaryVASP",
    "originatorPersons",
    "originatorPerson",
    "beneficiaryPersons",
    "naturalPerson",
    "legalPerson",
    "accountNumber",
    "name",
    "nameIdentifier",
    "localNameIdentifier",
    "primaryIdentifier",
    "nameIdentifierType",
    "legalPersonName",
    "geographicAddress",
    "addressType",
    "addressLine",
    "postcode",
    "postCode",
    "country",
    "dateAndPlaceOfBirth",
    "dataAndPlaceOfBirth",
    "dateOfBirth",
    "nationalIdentification",
    "nationality",
    "unknown",
];

/// Values that mean something somewhere.
const TEXTS: &[&str] = &["", " ", "LEGL", "GEO", "HOME", "KR", "1990-01-31", "Taylor", "김", "0x58\u{0}"];

fn any_leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(TEXTS).prop_map(Value::from),
        "\\PC{0,120}".prop_map(Value::from),
    ]
}

/// Any JSON, with the field names of the standard in any place.
fn any_document() -> impl Strategy<Value = Value> {
    any_leaf().prop_recursive(8, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(NAMES), inner), 0..6).prop_map(object),
        ]
    })
}

fn object(fields: Vec<(&'static str, Value)>) -> Value {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn maybe(
    field: &'static str,
    value: impl Strategy<Value = Value>,
) -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    prop::option::of(value).prop_map(move |value| value.map(|value| (field, value)).into_iter().collect())
}

fn text() -> impl Strategy<Value = Value> {
    "[a-z가-힣]{1,16}".prop_map(Value::from)
}

fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(values).prop_map(Value::from)
}

/// A list of one may be written without its brackets.
fn list(entry: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    (prop::collection::vec(entry, 1..3), any::<bool>()).prop_map(|(mut entries, bare)| {
        if bare && entries.len() == 1 { entries.remove(0) } else { Value::from(entries) }
    })
}

fn merged(parts: Vec<Vec<(&'static str, Value)>>) -> Value {
    object(parts.concat())
}

fn address() -> impl Strategy<Value = Value> {
    let kind = one_of(&["HOME", "BIZZ", "GEOG", "GEO", "home"]);
    (
        kind,
        one_of(&["KR", "sg", "XX"]),
        maybe("postCode", text()),
        maybe("addressLine", list(text())),
        maybe("x", text()),
    )
        .prop_map(|(kind, country, postcode, lines, unknown)| {
            merged(vec![vec![("addressType", kind), ("country", country)], postcode, lines, unknown])
        })
}

fn person() -> impl Strategy<Value = Value> {
    let name = (text(), maybe("secondaryIdentifier", text())).prop_map(|(primary, secondary)| {
        let name = merged(vec![
            vec![("primaryIdentifier", primary), ("naturalPersonNameIdentifierType", "legl".into())],
            secondary,
        ]);
        json!({"nameIdentifier": name})
    });
    let birth = (1900..2020_i32, 1..13_u32, 1..29_u32, text()).prop_map(|(year, month, day, place)| {
        json!({"dateOfBirth": format!("{year}-{month:02}-{day:02}"), "placeOfBirth": place})
    });
    (
        name,
        maybe("geographicAddress", list(address())),
        maybe("dataAndPlaceOfBirth", birth),
        maybe("nationality", one_of(&["KR", "us"])),
        maybe("customerNumber", text()),
        maybe("somethingElse", any_document()),
    )
        .prop_map(|(name, addresses, birth, nationality, customer, unknown)| {
            let fields = vec![vec![("name", name)], addresses, birth, nationality, customer, unknown];
            json!({"naturalPerson": merged(fields)})
        })
}

/// A document that the profile accepts, in a mixture of spellings.
fn good_document() -> impl Strategy<Value = Value> {
    (list(person()), text(), list(person()), text(), maybe("payloadMetadata", any_document())).prop_map(
        |(originators, from, beneficiaries, to, unknown)| {
            let originator = json!({"originatorPerson": originators, "accountNumber": from});
            let beneficiary = json!({"beneficiaryPersons": beneficiaries, "accountNumber": [to]});
            merged(vec![vec![("originator", originator), ("beneficiary", beneficiary)], unknown])
        },
    )
}

/// Every text of a document, sorted, in one case: codes and countries may come in either.
fn texts(value: &Value) -> Vec<String> {
    fn collect(value: &Value, found: &mut Vec<String>) {
        match value {
            // Absent, wherever a text or an object belongs.
            Value::String(text) if text.trim().is_empty() => {}
            Value::String(text) if text == "GEO" => found.push("GEOG".to_owned()),
            Value::String(text) => found.push(text.to_uppercase()),
            Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, found)),
            Value::Object(fields) => fields.values().for_each(|field| collect(field, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(value, &mut found);
    found.sort();
    found
}

proptest! {
    #[test]
    fn no_document_panics_and_every_refusal_has_a_fault(document in any_document()) {
        for findings in [
            read_verification(&document, "payload.ivms101", today()).err(),
            read_account_check(&document, "payload.ivms101").err(),
            read_answer(&document, "ivms101").err(),
            read_person(&document, "").err(),
        ].into_iter().flatten() {
            prop_assert!(findings.iter().any(|finding| finding.severity == Severity::Error));
            prop_assert!(first_fault(&findings).is_some());
        }
    }

    #[test]
    fn no_value_is_lost_without_a_word(document in prop_oneof![any_document(), good_document()]) {
        let read = read(&document);
        if read.findings.iter().all(|finding| finding.rule == Rule::UnknownField) {
            let written = write::convert(&read.payload, write::Target::VerifyVasp);
            let said = |document: &Value| {
                texts(document).into_iter().filter(|text| !text.trim().is_empty()).collect::<Vec<_>>()
            };
            prop_assert_eq!(said(&written.document), said(&document));
        }
    }

    #[test]
    fn whatever_is_read_as_an_answer_survives_writing(beneficiary in any_document()) {
        if let Ok(read) = read_answer(&json!({"beneficiary": beneficiary}), "") {
            let written = write::verify_vasp::beneficiary_only(&read.value);
            prop_assert_eq!(read_answer(&written, "").unwrap().value, read.value);
        }
    }

    #[test]
    fn good_documents_are_read_and_survive_writing(document in good_document()) {
        let read = read_verification(&document, "payload.ivms101", today()).unwrap();
        let written = write::verify_vasp::payload(&read.value);
        let again = read_verification(&written, "payload.ivms101", today()).unwrap();
        prop_assert_eq!(&again.value, &read.value);
        prop_assert_eq!(write::verify_vasp::payload(&again.value), written.clone());
        prop_assert_eq!(texts(&written), texts(&document));
    }
}
