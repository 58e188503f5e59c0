//! One document in the dialects and shapes that are in use: all read to the same model.

use serde_json::Value;
use waybill_ivms101::model::{Party, Payload, PersonDetails, TransliterationMethod};
use waybill_ivms101::write::{Target, convert};
use waybill_ivms101::{Dialect, Document, Habit, Rule, Severity, read, read_json};

macro_rules! dialects {
    ($($name:literal: $dialect:ident [$($habit:ident),*];)+) => {
        /// Each example, the dialect that is to be found, and the habits that are to be noticed, all of them.
        const DIALECTS: &[(&str, &str, Dialect, &[Habit])] = &[$(
            ($name, include_str!(concat!("fixtures/dialects/", $name, ".json")), Dialect::$dialect, &[$(Habit::$habit),*]),
        )+];
    };
}

dialects! {
    "ivms101-2020": Ivms2020 [PersonsOf2020, NameTypeOf2020, AccountsOfParty, CustomerNumber];
    "ivms101-2023": Ivms2023 [SaysIvms2023, PersonsOf2023, NameTypeOf2023, NameTypeOf2020, AccountsOfPerson];
    "ivms101-2023-as-its-examples": Ivms2023 [SaysIvms2023, PersonsOf2023, NameTypeOf2020, AccountsOfPerson];
    "verifyvasp": VerifyVasp [PersonsOf2020, NameTypeOf2020, AccountsOfParty, Extensions];
    "trp-wrapped": Ivms2020 [PersonsOf2020, NameTypeOf2020, AccountsOfParty, CustomerNumber, Wrapped];
    "trisa-protojson": Ivms2020 [PersonsOf2020, NameTypeOf2020, AccountsOfParty, CustomerNumber, SnakeCase, PrefixedCodes, TextNumbers];
    "trisa-identity-envelope": Ivms2020 [PersonsOf2020, NameTypeOf2020, AccountsOfParty, CustomerNumber, PostCode, PrefixedCodes, TextNumbers, Wrapped];
    "21-analytics-single-objects": Ivms2020 [PersonsOf2020, NameTypeOf2020, AccountsOfParty, CustomerNumber, BareEntry];
    "zodia-capitals-single-objects": Ivms2020 [PersonsOf2020, NameTypeOf2020, AccountsOfParty, CustomerNumber, BareEntry, Capitals];
    "codevasp": Ivms2020 [PersonsOf2020, NameTypeOf2020, AccountsOfParty, PostCode, Capitals, TextNumbers];
    "gtr-notabene-flat-vasps": Ivms2020 [PersonsOf2020, NameTypeOf2020, AccountsOfParty, FlatVasp];
    "defy": Ivms2020 [PlainPersons, NameTypeOf2020, AccountsOfParty, PostCode, NationalIdentifierObject];
    "misprints": Ivms2020 [PersonsOf2020, NameTypeOf2020, AccountsOfParty, CustomerNumber, GeoMisprint, BirthMisprint];
}

fn example(name: &str) -> Document {
    let (_, json, ..) = DIALECTS.iter().find(|(known, ..)| *known == name).unwrap();
    read_json(json.as_bytes()).unwrap()
}

/// What all examples have in common: accounts on the party, no edition, no additions of VerifyVASP.
fn common(mut payload: Payload) -> Payload {
    for party in [&mut payload.originator, &mut payload.beneficiary] {
        for person in &mut party.persons {
            party.account_numbers.append(&mut person.account_numbers);
            match &mut person.details {
                PersonDetails::Natural(person) => person.nationality = None,
                PersonDetails::Legal(person) => person.date_of_incorporation = None,
            }
        }
    }
    if let Some(metadata) = &mut payload.metadata {
        metadata.payload_version = None;
    }
    payload
}

#[test]
fn all_examples_say_the_same() {
    let expected = common(example("ivms101-2020").payload);
    assert_eq!(expected.originator.account_number(), Some("0xB6eF371a9b0x5811001506550d8356a215be"));
    let methods = &expected.metadata.as_ref().unwrap().transliteration_methods;
    assert_eq!(methods, &[TransliterationMethod::Korean]);
    for (name, json, ..) in DIALECTS {
        let document = read_json(json.as_bytes()).unwrap();
        let found = common(document.payload);
        assert_eq!(found.originator, expected.originator, "{name}");
        assert_eq!(found.beneficiary, expected.beneficiary, "{name}");
        if *name != "defy" {
            assert_eq!(found.originating_vasp, expected.originating_vasp, "{name}");
            assert_eq!(found.beneficiary_vasp, expected.beneficiary_vasp, "{name}");
        }
        if !["defy", "verifyvasp"].contains(name) {
            assert_eq!(found.transfer_path, expected.transfer_path, "{name}");
            assert_eq!(found.metadata, expected.metadata, "{name}");
        }
        assert!(found.other.is_empty(), "{name}");
        // Only the fields beside a wrapped document are worth a remark.
        let beside =
            |document: &Document| document.findings.iter().all(|it| it.rule == Rule::OutsideDocument);
        assert!(beside(&read_json(json.as_bytes()).unwrap()), "{name}: {:?}", document.findings);
    }
}

#[test]
fn the_dialect_is_told() {
    for (name, json, dialect, habits) in DIALECTS {
        let document = read_json(json.as_bytes()).unwrap();
        assert_eq!((document.dialect, document.habits.as_slice()), (*dialect, *habits), "{name}");
    }
}

#[test]
fn a_conversion_is_the_example_of_its_dialect() {
    for (from, target, to) in [
        ("ivms101-2023", Target::Ivms2020, "ivms101-2020"),
        ("ivms101-2020", Target::Ivms2023, "ivms101-2023"),
        ("trisa-protojson", Target::Ivms2023, "ivms101-2023"),
        ("zodia-capitals-single-objects", Target::Ivms2020, "ivms101-2020"),
        ("verifyvasp", Target::VerifyVasp, "verifyvasp"),
    ] {
        let (_, expected, ..) = DIALECTS.iter().find(|(known, ..)| *known == to).unwrap();
        let conversion = convert(&example(from).payload, target);
        assert_eq!(conversion.document, serde_json::from_str::<Value>(expected).unwrap(), "{from} to {to}");
        assert_eq!(conversion.losses, [], "{from} to {to}");
    }
}

#[test]
fn fields_beside_a_wrapped_document_are_named() {
    let paths = |name| example(name).findings.into_iter().map(|it| it.path).collect::<Vec<_>>();
    assert_eq!(paths("trp-wrapped"), ["asset", "amount"]);
    assert_eq!(paths("trisa-identity-envelope"), ["transaction", "sentAt"]);
}

#[test]
fn a_company_and_its_representative_are_two_persons() {
    let json = include_str!("fixtures/dialects/verifyvasp-company-with-representative.json");
    let document = read_json(json.as_bytes()).unwrap();
    assert_eq!(document.findings, []);
    assert!(document.payload.beneficiary.is_legal());
    assert_eq!(document.payload.beneficiary.persons.len(), 2);
    assert_eq!(document.payload.originator, Party::default());
}

#[test]
fn an_account_may_stand_alone() {
    let json = include_str!("fixtures/dialects/verifyvasp-account-alone.json");
    let document = read_json(json.as_bytes()).unwrap();
    assert_eq!((document.findings.as_slice(), document.dialect), (&[][..], Dialect::VerifyVasp));
    assert_eq!(document.habits, [Habit::AccountsOfParty, Habit::AccountAlone]);
    let account = "0x5811001506550d8356a215be229c15b6ef371a9b";
    assert_eq!(document.payload.beneficiary.account_number(), Some(account));
}

/// Path and rule of what is remarked.
fn findings(json: &str) -> Vec<String> {
    let found = read_json(json.as_bytes()).unwrap().findings;
    found.iter().map(|it| format!("{} {} {}", it.field, it.rule, it.severity)).collect()
}

#[test]
fn what_cannot_be_placed_is_named() {
    for (json, expected) in [
        (r#"{"originator": {"accountNumber": [17, "0xab"]}}"#, "originator.accountNumber[0] SHAPE ERROR"),
        (
            r#"{"originator": {"accountNumber": "a", "AccountNumber": "b"}}"#,
            "originator.accountNumber DUPLICATE ERROR",
        ),
        (
            r#"{"originator": {"account_number": "a", "accountNumber": "a"}}"#,
            "originator.accountNumber DUPLICATE WARNING",
        ),
        (r#"{"originator": {}, "Originator": {"accountNumber": "a"}}"#, "originator DUPLICATE ERROR"),
        (
            r#"{"originator": {"originatorPersons": [], "persons": "x"}}"#,
            "originator.originatorPersons[0] SHAPE ERROR",
        ),
        (
            r#"{"payloadMetadata": {"payloadVersion": "101.2030"}}"#,
            "payloadMetadata.payloadVersion CODE-LIST ERROR",
        ),
        (
            r#"{"payloadMetadata": {"transliterationMethod": ["kana", "elvish"]}}"#,
            "payloadMetadata.transliterationMethod[1] CODE-LIST ERROR",
        ),
        (
            r#"{"transferPath": {"transferPath": [{"sequence": "first"}]}}"#,
            "transferPath.transferPath[0].sequence SHAPE ERROR",
        ),
        (r#"{"transferPath": ["x"]}"#, "transferPath[0] SHAPE ERROR"),
        (
            r#"{"originatingVASP": {"originatingVASP": {}}}"#,
            "originatingVASP.originatingVASP PERSON-KIND ERROR",
        ),
        (r#"{"originator": {"colour": "teal"}}"#, "originator UNKNOWN-FIELD WARNING"),
        ("[1]", " SHAPE ERROR"),
        (r#"{"ivms101": {"originator": 1}}"#, "ivms101.originator SHAPE ERROR"),
    ] {
        assert_eq!(findings(json), [expected], "{json}");
    }
}

#[test]
fn some_shapes_of_their_own() {
    let document = read(&serde_json::json!({
        "originator": {"originatorPersons": {"naturalPerson": {
            "name": [
                {"nameIdentifier": {"primaryIdentifier": "Robbins", "nameIdentifierType": "LEGL"}},
                {"nameIdentifier": [{"primaryIdentifier": "T", "nameIdentifierType": "ALIA"}]},
            ],
            "dob": "1990-01-31",
        }}},
        "transferPath": [
            {"intermediaryVASP": {"intermediaryVASP": {"legalPerson": {}}}, "sequence": "1"},
            {"intermediary_vasp": {"naturalPerson": {}}, "sequence": 0},
        ],
        "beneficiaryVASP": [{"LegalPerson": {"customerNumber": "c"}}],
    }));
    assert_eq!(document.findings, []);
    let PersonDetails::Natural(person) = &document.payload.originator.persons[0].details else { panic!() };
    assert_eq!(person.name.identifiers.len(), 2);
    assert_eq!(person.birth.as_ref().unwrap().date.as_ref().unwrap().to_string(), "1990-01-31");
    let way = document.payload.transfer_path.unwrap();
    assert_eq!(way.vasps.iter().map(|vasp| vasp.sequence).collect::<Vec<_>>(), [Some(1), Some(0)]);
    assert!(way.vasps.iter().all(|vasp| vasp.person.is_some()));
    assert!(document.payload.beneficiary_vasp.unwrap().person.is_some());
}

#[test]
fn nothing_personal_is_in_a_document_that_is_printed() {
    for (name, json, ..) in DIALECTS {
        let printed = format!("{:?}", read_json(json.as_bytes()).unwrap());
        for value in ["Robbins", "Taylor", "로빈스", "1990", "K1234567X", "4711", "0xB6eF", "Orchard"] {
            assert!(!printed.contains(value), "{value} of {name}");
        }
    }
    let refused =
        read(&serde_json::json!({"originator": {"Taylor Robbins": 1}, "x": {"accountNumber": "0xab"}}));
    assert!(
        refused.findings.iter().all(|it| it.severity == Severity::Warning && !it.path.contains("Taylor"))
    );
}
