//! What holds for the findings about every document: nothing panics, paths lead somewhere, what is good is not
//! remarked, and what is broken is found where it was broken.

#[expect(dead_code, reason = "this suite needs a part of the fixtures")]
mod fixtures;
#[expect(dead_code, reason = "this suite needs a part of the generators")]
mod generators;
mod mutations;
mod paths;

use fixtures::today;
use generators::{Flavour, payload};
use mutations::{mutations, places};
use paths::pointing_nowhere;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};
use waybill_ivms101::write::{Target, convert};
use waybill_ivms101::{
    Finding, Profile, Rule, Severity, check, read_account_check, read_answer, read_person, read_screened,
    read_verification,
};

/// A document of each dialect, and one with every field that has a code.
const DOCUMENTS: &[&str] = &[
    include_str!("fixtures/verification.json"),
    include_str!("fixtures/dialects/21-analytics-single-objects.json"),
    include_str!("fixtures/dialects/codevasp.json"),
    include_str!("fixtures/dialects/defy.json"),
    include_str!("fixtures/dialects/gtr-notabene-flat-vasps.json"),
    include_str!("fixtures/dialects/ivms101-2023.json"),
    include_str!("fixtures/dialects/trisa-identity-envelope.json"),
    include_str!("fixtures/dialects/trisa-protojson.json"),
    include_str!("fixtures/dialects/trp-wrapped.json"),
    include_str!("fixtures/dialects/ivms101-2020.json"),
    include_str!("fixtures/dialects/verifyvasp-company-with-representative.json"),
    include_str!("fixtures/dialects/zodia-capitals-single-objects.json"),
];

fn nowhere(document: &Value) -> Vec<(Profile, Finding)> {
    let found = Profile::ALL.iter().flat_map(|profile| {
        let findings = check(document, *profile, today());
        let nowhere: Vec<_> = pointing_nowhere(document, &findings).into_iter().cloned().collect();
        nowhere.into_iter().map(|finding| (*profile, finding))
    });
    found.collect()
}

fn word() -> impl Strategy<Value = Value> {
    "[A-Z][a-z]{0,14}".prop_map(Value::from)
}

fn code(codes: &'static [&'static str]) -> impl Strategy<Value = Value> {
    select(codes).prop_map(Value::from)
}

/// Some of the fields.
fn some(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Map<String, Value>> {
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| {
            prop::option::of(value).prop_map(move |value| value.map(|it| (name.to_owned(), it)))
        })
        .collect();
    fields.prop_map(|fields| fields.into_iter().flatten().collect()).boxed()
}

fn address() -> BoxedStrategy<Value> {
    let more = some(vec![
        ("department", word().boxed()),
        ("floor", word().boxed()),
        ("postBox", word().boxed()),
        ("postcode", word().boxed()),
        ("districtName", word().boxed()),
    ]);
    let place = prop_oneof![
        prop::collection::vec(word(), 1..=7).prop_map(|lines| json!({"addressLine": lines})),
        (word(), word()).prop_map(|(street, number)| json!({"streetName": street, "buildingNumber": number})),
        (word(), word()).prop_map(|(street, name)| json!({"streetName": street, "buildingName": name})),
    ];
    let country = code(&["KR", "SG", "XX", "ZW", "AD"]);
    (more, place, word(), code(&["HOME", "BIZZ", "GEOG"]), country)
        .prop_map(|(more, place, town, kind, country)| {
            let mut address = json!({"addressType": kind, "townName": town, "country": country});
            let fields = address.as_object_mut().unwrap();
            fields.extend(place.as_object().unwrap().clone());
            fields.extend(more);
            address
        })
        .boxed()
}

fn human() -> BoxedStrategy<Value> {
    let name = (word(), word()).prop_map(|(primary, secondary)| {
        json!({"nameIdentifier": [
            {"primaryIdentifier": primary, "nameIdentifierType": "ALIA"},
            {"primaryIdentifier": primary, "secondaryIdentifier": secondary, "nameIdentifierType": "LEGL"}
        ]})
    });
    let born = (1900..2026_i32, 1..=12_u32, 1..=28_u32, word()).prop_map(|(year, month, day, place)| {
        json!({"dateOfBirth": format!("{year}-{month:02}-{day:02}"), "placeOfBirth": place})
    });
    let kinds = code(&["ARNU", "CCPT", "DRLC", "FIIN", "TXID", "SOCS", "IDCD", "MISC"]);
    let identification = (word(), kinds)
        .prop_map(|(number, kind)| json!({"nationalIdentifier": number, "nationalIdentifierType": kind, "countryOfIssue": "KR"}));
    let more = some(vec![
        ("geographicAddress", prop::collection::vec(address(), 1..3).prop_map(Value::from).boxed()),
        ("nationalIdentification", identification.boxed()),
        ("dateAndPlaceOfBirth", born.boxed()),
        ("countryOfResidence", code(&["KR", "XX"]).boxed()),
    ]);
    (name, word(), more)
        .prop_map(|(name, customer, more)| {
            let mut person = json!({"name": name, "customerIdentification": customer});
            person.as_object_mut().unwrap().extend(more);
            json!({"naturalPerson": person})
        })
        .boxed()
}

fn company() -> BoxedStrategy<Value> {
    let registered = (word(), code(&["RAID", "MISC", "TXID"]), code(&["RA000523", "RA888888", "RA999999"])).prop_map(
        |(number, kind, authority)| json!({"nationalIdentifier": number, "nationalIdentifierType": kind, "registrationAuthority": authority}),
    );
    let lei = Just(json!({"nationalIdentifier": "5493001KJTIIGC8Y1R12", "nationalIdentifierType": "LEIX"}));
    let more = some(vec![
        ("geographicAddress", prop::collection::vec(address(), 1..3).prop_map(Value::from).boxed()),
        ("countryOfRegistration", code(&["KR", "XX"]).boxed()),
        ("customerIdentification", word().boxed()),
    ]);
    (word(), prop_oneof![registered.boxed(), lei.boxed()], more)
        .prop_map(|(name, identification, more)| {
            let name = json!({"nameIdentifier": [{"legalPersonName": name, "legalPersonNameIdentifierType": "LEGL"}]});
            let mut company = json!({"name": name, "nationalIdentification": identification});
            company.as_object_mut().unwrap().extend(more);
            json!({"legalPerson": company})
        })
        .boxed()
}

/// A document that breaks no rule of any profile, but for the spelling that one of the editions has.
fn good() -> BoxedStrategy<Value> {
    let side = || {
        let represented = (company(), human()).prop_map(|(company, human)| json!([company, human]));
        prop_oneof![human().prop_map(|it| json!([it])), company().prop_map(|it| json!([it])), represented]
    };
    (side(), side(), company(), "[a-zA-Z0-9:]{1,100}", "[a-zA-Z0-9:]{1,100}")
        .prop_map(|(originators, beneficiaries, vasp, from, to)| {
            json!({
                "originator": {"originatorPersons": originators, "accountNumber": [from]},
                "beneficiary": {"beneficiaryPersons": beneficiaries, "accountNumber": [to]},
                "originatingVASP": {"originatingVASP": vasp},
                "payloadMetadata": {"payloadVersion": "101.2023"}
            })
        })
        .boxed()
}

/// One way to break a document at a leaf, with the rule that says so.
fn breakages(name: &str) -> Vec<(Option<Value>, Rule)> {
    let (control, long) = (json!("a\nb"), json!("a".repeat(600)));
    let of_code =
        |rule| vec![(Some(control.clone()), rule), (Some(long.clone()), rule), (Some(json!("ZZ")), rule)];
    let mut all = match name {
        "nameIdentifierType"
        | "legalPersonNameIdentifierType"
        | "addressType"
        | "nationalIdentifierType"
        | "payloadVersion" => of_code(Rule::CodeList),
        "country" | "countryOfIssue" | "countryOfResidence" | "countryOfRegistration" => {
            of_code(Rule::Country)
        }
        "dateOfBirth" => {
            let mut all = of_code(Rule::Date);
            all.push((Some(json!("2999-12-31")), Rule::BirthInThePast));
            all
        }
        _ => vec![(Some(control.clone()), Rule::Characters), (Some(long.clone()), Rule::Length)],
    };
    all.push((Some(json!(5)), Rule::Shape));
    let mandatory = [
        "primaryIdentifier",
        "legalPersonName",
        "nameIdentifierType",
        "legalPersonNameIdentifierType",
        "addressType",
        "country",
        "nationalIdentifier",
        "nationalIdentifierType",
        "dateOfBirth",
        "placeOfBirth",
    ];
    if mandatory.contains(&name) {
        all.push((None, Rule::Missing));
    }
    all
}

/// `/a/0/b` as findings write it: `a[0].b`.
fn dotted(pointer: &str) -> String {
    pointer.split('/').skip(1).fold(String::new(), |path, segment| match segment.parse::<usize>() {
        Ok(index) => format!("{path}[{index}]"),
        Err(_) if path.is_empty() => segment.to_owned(),
        Err(_) => format!("{path}.{segment}"),
    })
}

proptest! {
    #[test]
    fn findings_about_mutated_documents_point_at_what_is_there(
        document in select(DOCUMENTS),
        mutations in prop::collection::vec((any::<Index>(), select(mutations())), 1..5),
    ) {
        let mut document: Value = serde_json::from_str(document).unwrap();
        for (at, mutation) in &mutations {
            let place = at.get(&places(&document)).clone();
            mutation.happen(&mut document, &place);
        }
        prop_assert_eq!(nowhere(&document), [], "{}", document);
        for findings in [
            read_verification(&document, "", today()).err(),
            read_account_check(&document, "").err(),
            read_answer(&document, "").err(),
            read_screened(&document, "", today()).err(),
            read_person(&document, "").err(),
        ].into_iter().flatten() {
            prop_assert!(findings.iter().any(|finding| finding.severity == Severity::Error));
            prop_assert_eq!(pointing_nowhere(&document, &findings), Vec::<&Finding>::new(), "{}", document);
        }
    }

    #[test]
    fn the_check_has_errors_for_exactly_what_the_private_api_refuses(
        document in select(DOCUMENTS),
        mutations in prop::collection::vec((any::<Index>(), select(mutations())), 0..4),
    ) {
        let mut document: Value = serde_json::from_str(document).unwrap();
        for (at, mutation) in &mutations {
            let place = at.get(&places(&document)).clone();
            mutation.happen(&mut document, &place);
        }
        let findings = check(&document, Profile::VerifyVasp, today());
        // The private API knows where the document stands and looks for no wrapping.
        prop_assume!(findings.iter().all(|it| it.rule != Rule::OutsideDocument));
        let errors = findings.iter().filter(|it| it.severity == Severity::Error);
        let errors: Vec<_> = errors.map(|it| it.path.clone()).collect();
        let refused = read_verification(&document, "", today()).err().unwrap_or_default();
        let refused = refused.iter().filter(|it| it.severity == Severity::Error);
        let refused: Vec<_> = refused.map(|it| it.path.clone()).collect();
        // About what could not be read, one may say more than the other: at the same place, above or below it.
        let says = |all: &[String], it: &String| all.iter().any(|other| other.starts_with(it) || it.starts_with(other));
        prop_assert!(errors.iter().all(|it| says(&refused, it)), "{errors:?} {refused:?} {document}");
        prop_assert!(refused.iter().all(|it| says(&errors, it)), "{errors:?} {refused:?} {document}");
    }

    #[test]
    fn findings_about_written_documents_point_at_what_is_there(payload in payload(Flavour::EVERYTHING)) {
        for target in Target::ALL {
            let document = convert(&payload, *target).document;
            prop_assert_eq!(nowhere(&document), [], "{}", document);
        }
    }

    #[test]
    fn good_documents_are_found_good(document in good()) {
        for profile in Profile::ALL {
            let findings = check(&document, *profile, today());
            let about_edition = |it: &Finding| it.rule == Rule::Spelling || it.path.starts_with("payloadMetadata");
            let found: Vec<_> = findings.into_iter().filter(|it| !about_edition(it)).collect();
            prop_assert_eq!(found, [], "{} by {}", document, profile);
        }
        prop_assert!(read_verification(&document, "", today()).is_ok());
    }

    #[test]
    fn every_single_breakage_is_found_where_it_is(document in good(), at: Index, how: Index) {
        let leaves: Vec<String> =
            places(&document).into_iter().filter(|it| document.pointer(it).unwrap().is_string()).collect();
        let leaf = at.get(&leaves);
        let name = leaf.rsplit('/').find(|segment| segment.parse::<usize>().is_err()).unwrap();
        let breakages = breakages(name);
        let (value, rule) = how.get(&breakages);
        let mut broken = document.clone();
        match value {
            Some(value) => *broken.pointer_mut(leaf).unwrap() = value.clone(),
            None => {
                let (parent, last) = leaf.rsplit_once('/').unwrap();
                broken.pointer_mut(parent).unwrap().as_object_mut().unwrap().shift_remove(last);
            }
        }
        for profile in Profile::ALL {
            let findings = check(&broken, *profile, today());
            // The profile in use makes nothing of what a document says of itself.
            let grave = name != "payloadVersion" || *profile != Profile::VerifyVasp;
            let severity = if grave { Severity::Error } else { Severity::Warning };
            let is_it =
                |it: &Finding| it.rule == *rule && it.path == dotted(leaf) && it.severity == severity;
            prop_assert!(findings.iter().any(is_it), "{leaf} {rule} by {profile}: {findings:#?}");
        }
    }
}
