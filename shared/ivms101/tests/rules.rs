//! Every rule, broken and kept: one row for each rule and case.

mod paths;

use chrono::NaiveDate;
use paths::pointing_nowhere;
use serde_json::{Value, json};
use waybill_ivms101::{Finding, Profile, Rule, Severity, check};

use Profile::{Ivms2020, Ivms2023, VerifyVasp};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

const PERSON: &str = "/originator/originatorPersons/0/naturalPerson";
const COMPANY: &str = "/beneficiary/beneficiaryPersons/0/legalPerson";

/// A document that breaks no rule of any profile.
fn good() -> Value {
    json!({
        "originator": {
            "originatorPersons": [{"naturalPerson": {
                "name": {
                    "nameIdentifier": [{"primaryIdentifier": "Kim", "secondaryIdentifier": "Minsu", "nameIdentifierType": "LEGL"}],
                    "localNameIdentifier": [{"primaryIdentifier": "김", "nameIdentifierType": "LEGL"}]
                },
                "geographicAddress": [{
                    "addressType": "HOME", "department": "A", "subDepartment": "B", "streetName": "Teheran ro",
                    "buildingNumber": "152", "buildingName": "Tower", "floor": "3", "postBox": "4", "room": "5",
                    "postcode": "06236", "townName": "Seoul", "townLocationName": "Gangnam", "districtName": "Yeoksam",
                    "countrySubDivision": "Seoul", "addressLine": ["Floor 3"], "country": "KR"
                }],
                "nationalIdentification": {"nationalIdentifier": "M12345678", "nationalIdentifierType": "CCPT", "countryOfIssue": "KR"},
                "customerIdentification": "customer 4711",
                "dateAndPlaceOfBirth": {"dateOfBirth": "1987-06-05", "placeOfBirth": "Busan"},
                "countryOfResidence": "KR"
            }}],
            "accountNumber": ["0xb6ef371a9b"]
        },
        "beneficiary": {
            "beneficiaryPersons": [{"legalPerson": {
                "name": {"nameIdentifier": [{"legalPersonName": "A Company", "legalPersonNameIdentifierType": "LEGL"}]},
                "geographicAddress": [{"addressType": "GEOG", "addressLine": ["1 Head Street"], "townName": "Singapore", "country": "SG"}],
                "customerIdentification": "company 12",
                "nationalIdentification": {"nationalIdentifier": "T08LL1234A", "nationalIdentifierType": "RAID", "registrationAuthority": "RA000523"},
                "countryOfRegistration": "SG"
            }}],
            "accountNumber": ["0x5811AbCd"]
        },
        "originatingVASP": {"originatingVASP": {"legalPerson": {
            "name": {"nameIdentifier": [{"legalPersonName": "First Exchange Ltd", "legalPersonNameIdentifierType": "LEGL"}]},
            "nationalIdentification": {"nationalIdentifier": "5493001KJTIIGC8Y1R12", "nationalIdentifierType": "LEIX"}
        }}},
        "payloadMetadata": {"payloadVersion": "101.2023"}
    })
}

/// A natural person of whom only the name is known.
fn nameless_but(field: &str, value: Value) -> Value {
    let mut person =
        json!({"name": {"nameIdentifier": [{"primaryIdentifier": "Kim", "nameIdentifierType": "LEGL"}]}});
    if !field.is_empty() {
        person[field] = value;
    }
    json!([{"naturalPerson": person}])
}

/// A company of which only the name is known, besides one field.
fn company(field: &str, value: Value) -> Value {
    let mut company = json!({"name": {"nameIdentifier": [{"legalPersonName": "A", "legalPersonNameIdentifierType": "LEGL"}]}});
    if !field.is_empty() {
        company[field] = value;
    }
    json!({"legalPerson": company})
}

fn identification(kind: &str, number: &str, authority: Option<&str>) -> Value {
    let mut it = json!({"nationalIdentifier": number, "nationalIdentifierType": kind});
    if let Some(authority) = authority {
        it["registrationAuthority"] = authority.into();
    }
    it
}

fn path(sequences: &[i64]) -> Value {
    let vasps: Vec<Value> = sequences
        .iter()
        .map(|sequence| json!({"intermediaryVASP": company("", Value::Null), "sequence": sequence}))
        .collect();
    json!({"transferPath": vasps})
}

/// The good document with the value at a JSON pointer put there, or taken away with `null`.
fn with(pointer: &str, value: Value) -> Value {
    let mut document = good();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("no {pointer}"));
    match parent {
        Value::Array(entries) => entries[last.parse::<usize>().unwrap()] = value,
        parent if value.is_null() => _ = parent.as_object_mut().unwrap().shift_remove(last).unwrap(),
        parent => parent[last] = value,
    }
    document
}

fn findings(document: &Value, profile: Profile) -> Vec<Finding> {
    let found = check(document, profile, today());
    assert_eq!(pointing_nowhere(document, &found), Vec::<&Finding>::new(), "{document}");
    // The edition of the document is not what the rows are about.
    let about_edition = |it: &Finding| it.path.starts_with("payloadMetadata") || it.rule == Rule::Spelling;
    found.into_iter().filter(|finding| !about_edition(finding)).collect()
}

/// One row: what is put where, by which profile, and the rules that are broken: `E` an error, `W` a warning.
type Row<'r> = (&'r str, Value, &'r [Profile], &'r str);

fn hold(rows: &[Row<'_>]) {
    for (pointer, value, profiles, expected) in rows {
        for profile in *profiles {
            let found = findings(&with(pointer, value.clone()), *profile);
            let letter = |severity| if severity == Severity::Error { "E" } else { "W" };
            let rules: Vec<String> =
                found.iter().map(|it| format!("{} {}", letter(it.severity), it.rule)).collect();
            assert_eq!(rules.join(", "), *expected, "{pointer} = {value} by {profile}: {found:#?}");
        }
    }
}

const ALL: &[Profile] = Profile::ALL;
const STANDARD: &[Profile] = &[Ivms2020, Ivms2023];

#[test]
fn the_good_document_breaks_no_rule() {
    for profile in ALL {
        assert_eq!(findings(&good(), *profile), []);
    }
}

#[test]
fn c1_a_natural_originator_is_known_by_more_than_a_name() {
    let at = "/originator/originatorPersons";
    let address = json!([{"addressType": "HOME", "addressLine": ["1"], "townName": "S", "country": "KR"}]);
    let born = json!({"dateOfBirth": "1987-06-05", "placeOfBirth": "Busan"});
    hold(&[
        (at, nameless_but("", Value::Null), STANDARD, "E C1"),
        (at, nameless_but("", Value::Null), &[VerifyVasp], "W C1"),
        (at, nameless_but("countryOfResidence", json!("KR")), STANDARD, "E C1"),
        (at, nameless_but("geographicAddress", address), ALL, ""),
        (at, nameless_but("customerIdentification", json!("4711")), ALL, ""),
        (at, nameless_but("nationalIdentification", identification("CCPT", "M1", None)), ALL, ""),
        (at, nameless_but("dateAndPlaceOfBirth", born), ALL, ""),
        // The rule is about originators.
        ("/beneficiary/beneficiaryPersons", nameless_but("", Value::Null), ALL, ""),
    ]);
    let representative = nameless_but("", Value::Null)[0].clone();
    let behind_company = json!([company("customerIdentification", json!("12")), representative]);
    hold(&[(at, behind_company, ALL, "")]);
}

#[test]
fn c2_a_date_of_birth_lies_in_the_past() {
    let at = &format!("{PERSON}/dateAndPlaceOfBirth/dateOfBirth");
    hold(&[
        (at, json!("2026-11-19"), ALL, ""),
        (at, json!("2026-11-20"), ALL, "E C2"),
        (at, json!("9999-12-31"), ALL, "E C2"),
    ]);
}

#[test]
fn c3_countries_are_those_of_iso_3166() {
    for at in [
        format!("{PERSON}/geographicAddress/0/country"),
        format!("{PERSON}/nationalIdentification/countryOfIssue"),
        format!("{PERSON}/countryOfResidence"),
        format!("{PERSON}/nationality"),
        format!("{COMPANY}/geographicAddress/0/country"),
        format!("{COMPANY}/countryOfRegistration"),
    ] {
        hold(&[
            (&at, json!("XX"), ALL, ""),
            (&at, json!("sg"), ALL, ""),
            (&at, json!("ZZ"), ALL, "E C3"),
            (&at, json!("EU"), ALL, "E C3"),
            (&at, json!("KOR"), ALL, "E C3"),
        ]);
    }
}

#[test]
fn c4_a_legal_originator_is_known_by_more_than_a_name() {
    let at = "/originator/originatorPersons";
    let address =
        |kind: &str| json!([{"addressType": kind, "addressLine": ["1"], "townName": "S", "country": "KR"}]);
    hold(&[
        (at, json!([company("", Value::Null)]), STANDARD, "E C4"),
        (at, json!([company("", Value::Null)]), &[VerifyVasp], "W C4"),
        (at, json!([company("countryOfRegistration", json!("KR"))]), STANDARD, "E C4"),
        (at, json!([company("geographicAddress", address("BIZZ"))]), STANDARD, "E C4"),
        (at, json!([company("geographicAddress", address("GEOG"))]), ALL, ""),
        (at, json!([company("customerIdentification", json!("12"))]), ALL, ""),
        (at, json!([company("customerNumber", json!("12"))]), ALL, ""),
        (
            at,
            json!([company("nationalIdentification", identification("TXID", "1", Some("RA000657")))]),
            ALL,
            "",
        ),
        ("/beneficiary/beneficiaryPersons", json!([company("", Value::Null)]), ALL, ""),
    ]);
}

#[test]
fn c5_and_c6_every_person_has_a_legal_name() {
    let human = &format!("{PERSON}/name/nameIdentifier");
    let firm = &format!("{COMPANY}/name/nameIdentifier");
    let alias = json!({"primaryIdentifier": "Min", "nameIdentifierType": "ALIA"});
    let legal = json!({"primaryIdentifier": "Kim", "nameIdentifierType": "LEGL"});
    let short = json!({"legalPersonName": "A", "legalPersonNameIdentifierType": "SHRT"});
    let full = json!({"legalPersonName": "A Ltd", "legalPersonNameIdentifierType": "LEGL"});
    hold(&[
        (human, json!([alias]), ALL, "E C6"),
        (human, json!([alias, legal]), ALL, ""),
        (firm, json!([short]), ALL, "E C5"),
        (firm, json!([short, full]), ALL, ""),
        (human, Value::Null, ALL, "E MISSING"),
        (&format!("{COMPANY}/name"), Value::Null, ALL, "E MISSING"),
    ]);
}

#[test]
fn c7_and_c9_the_identification_of_a_company_is_of_its_kind() {
    let at = &format!("{COMPANY}/nationalIdentification");
    let lei = "5493001KJTIIGC8Y1R12";
    let of = |kind| identification(kind, "T08LL1234A", Some("RA000523"));
    for (kind, rules) in [("RAID", ""), ("MISC", ""), ("TXID", ""), ("CCPT", "E C7"), ("IDCD", "E C7")] {
        hold(&[(at, of(kind), STANDARD, rules)]);
    }
    for kind in ["ARNU", "DRLC", "FIIN", "SOCS"] {
        hold(&[(at, of(kind), STANDARD, "E C7"), (at, of(kind), &[VerifyVasp], "W C7")]);
    }
    let mut issued = of("RAID");
    issued["countryOfIssue"] = json!("SG");
    hold(&[
        (at, identification("LEIX", lei, None), ALL, ""),
        (at, identification("LEIX", lei, Some("RA000523")), STANDARD, "E C9"),
        (at, identification("RAID", "T1", None), STANDARD, "E C9"),
        (at, identification("RAID", "T1", None), &[VerifyVasp], "W C9"),
        (at, issued, STANDARD, "E C9"),
    ]);
    // A sole trader is registered too.
    let human = &format!("{PERSON}/nationalIdentification");
    hold(&[(human, of("RAID"), ALL, ""), (human, identification("SOCS", "1", None), ALL, "")]);
}

#[test]
fn c8_an_address_says_where_it_is() {
    let at = &format!("{PERSON}/geographicAddress/0");
    let address = |parts: &[(&str, Value)]| {
        let mut address = json!({"addressType": "HOME", "townName": "Seoul", "country": "KR"});
        parts.iter().for_each(|(name, value)| address[*name] = value.clone());
        address
    };
    let street = ("streetName", json!("Main"));
    hold(&[
        (at, address(&[]), STANDARD, "E C8"),
        (at, address(&[]), &[VerifyVasp], "W C8"),
        (at, address(std::slice::from_ref(&street)), STANDARD, "E C8"),
        (at, address(&[("buildingNumber", json!("1")), ("postBox", json!("7"))]), STANDARD, "E C8"),
        (at, address(&[("addressLine", json!([""]))]), STANDARD, "E C8"),
        (at, address(&[("addressLine", json!(["1 Main"]))]), ALL, ""),
        (at, address(&[street.clone(), ("buildingNumber", json!("1"))]), ALL, ""),
        (at, address(&[street, ("buildingName", json!("Tower"))]), ALL, ""),
        (&format!("{at}/townName"), Value::Null, STANDARD, "W MISSING"),
        (&format!("{at}/townName"), Value::Null, &[VerifyVasp], ""),
    ]);
}

#[test]
fn c10_registration_authorities_are_those_of_gleif() {
    let at = &format!("{COMPANY}/nationalIdentification/registrationAuthority");
    hold(&[
        (at, json!("RA000585"), ALL, ""),
        (at, json!("RA888888"), ALL, ""),
        (at, json!("RA999999"), ALL, ""),
        (at, json!("RA555555"), ALL, "W C10"),
        (at, json!("RA00058"), STANDARD, "E C10"),
        (at, json!("585"), &[VerifyVasp], "W C10"),
        (at, json!("RA0005855"), ALL, "E LENGTH"),
    ]);
}

#[test]
fn c11_and_checksum_of_legal_entity_identifiers() {
    let at = "/originatingVASP/originatingVASP/legalPerson/nationalIdentification/nationalIdentifier";
    hold(&[
        (at, json!("506700T7Z685VUOZL877"), ALL, ""),
        (at, json!("3M5E1GQKGL17HI8CPN20"), ALL, "W CHECKSUM"),
        (at, json!("506700t7z685vuozl877"), STANDARD, "E C11"),
        (at, json!("506700T7Z685VUOZL8"), STANDARD, "E C11"),
        (at, json!("506700T7Z685VUOZL8A7"), &[VerifyVasp], "W C11"),
    ]);
}

#[test]
fn c12_vasps_on_the_way_are_counted() {
    let at = "/transferPath";
    hold(&[
        (at, path(&[]), STANDARD, ""),
        (at, path(&[0]), STANDARD, ""),
        (at, path(&[1, 0, 2]), STANDARD, ""),
        (at, path(&[1]), STANDARD, "E C12"),
        (at, path(&[0, 2]), STANDARD, "E C12"),
        (at, path(&[0, 0]), STANDARD, "E C12"),
        (
            at,
            json!({"transferPath": [{"intermediaryVASP": company("", Value::Null)}]}),
            STANDARD,
            "E MISSING",
        ),
        (at, json!({"transferPath": [{"sequence": 0}]}), STANDARD, "E MISSING"),
    ]);
}

#[test]
fn lengths_are_counted_in_characters() {
    for (pointer, limit) in [
        ("name/nameIdentifier/0/primaryIdentifier", 100),
        ("name/nameIdentifier/0/secondaryIdentifier", 100),
        ("name/localNameIdentifier/0/primaryIdentifier", 100),
        ("geographicAddress/0/department", 50),
        ("geographicAddress/0/subDepartment", 70),
        ("geographicAddress/0/streetName", 70),
        ("geographicAddress/0/buildingNumber", 16),
        ("geographicAddress/0/buildingName", 35),
        ("geographicAddress/0/floor", 70),
        ("geographicAddress/0/postBox", 16),
        ("geographicAddress/0/room", 70),
        ("geographicAddress/0/postcode", 16),
        ("geographicAddress/0/townName", 35),
        ("geographicAddress/0/townLocationName", 35),
        ("geographicAddress/0/districtName", 35),
        ("geographicAddress/0/countrySubDivision", 35),
        ("geographicAddress/0/addressLine/0", 70),
        ("nationalIdentification/nationalIdentifier", 35),
        ("customerIdentification", 50),
        ("dateAndPlaceOfBirth/placeOfBirth", 70),
    ] {
        let at = &format!("{PERSON}/{pointer}");
        hold(&[
            (at, "a".repeat(limit).into(), ALL, ""),
            (at, "a".repeat(limit + 1).into(), ALL, "E LENGTH"),
            // 3 bytes each.
            (at, "민".repeat(limit).into(), &[VerifyVasp], ""),
            (at, "민".repeat(limit + 1).into(), &[VerifyVasp], "E LENGTH"),
        ]);
    }
    let company_name = &format!("{COMPANY}/name/nameIdentifier/0/legalPersonName");
    let customer = &format!("{COMPANY}/customerIdentification");
    for (at, limit) in [(company_name, 100), (customer, 50)] {
        hold(&[(at, "a".repeat(limit).into(), ALL, ""), (at, "a".repeat(limit + 1).into(), ALL, "E LENGTH")]);
    }
    let lines = &format!("{PERSON}/geographicAddress/0/addressLine");
    hold(&[(lines, json!(vec!["a"; 7]), ALL, ""), (lines, json!(vec!["a"; 8]), ALL, "E LENGTH")]);
}

#[test]
fn account_numbers_have_the_length_of_the_edition_and_keep_their_case() {
    let at = "/beneficiary/accountNumber";
    let long = |length| json!(["a".repeat(length)]);
    for (profile, limit) in [(Ivms2020, 100), (Ivms2023, 512), (VerifyVasp, 256)] {
        hold(&[(at, long(limit), &[profile], ""), (at, long(limit + 1), &[profile], "E LENGTH")]);
    }
    hold(&[
        (at, Value::Null, STANDARD, ""),
        (at, Value::Null, &[VerifyVasp], "E MISSING"),
        (at, json!(["a", "b"]), STANDARD, ""),
        (at, json!(["a", "b"]), &[VerifyVasp], "E ACCOUNT-COUNT"),
        (at, json!(["0xAbCd:12"]), ALL, ""),
    ]);
    let read = waybill_ivms101::read_verification(&good(), "", today()).unwrap().value;
    assert_eq!(read.beneficiary.account_number(), Some("0x5811AbCd"));
}

#[test]
fn code_lists_are_closed() {
    let lists: &[(&str, &[&str])] = &[
        ("name/nameIdentifier/1/nameIdentifierType", &["ALIA", "BIRT", "MAID", "LEGL", "MISC"]),
        ("geographicAddress/0/addressType", &["HOME", "BIZZ", "GEOG"]),
        (
            "nationalIdentification/nationalIdentifierType",
            &["ARNU", "CCPT", "RAID", "DRLC", "FIIN", "TXID", "SOCS", "IDCD", "MISC"],
        ),
    ];
    for (pointer, codes) in lists {
        for (code, rules) in codes.iter().map(|code| (*code, "")).chain([("NICK", "E CODE-LIST")]) {
            let mut document = good();
            let names = document.pointer_mut(&format!("{PERSON}/name/nameIdentifier")).unwrap();
            names
                .as_array_mut()
                .unwrap()
                .push(json!({"primaryIdentifier": "K", "nameIdentifierType": "ALIA"}));
            *document.pointer_mut(&format!("{PERSON}/{pointer}")).unwrap() = code.into();
            for profile in ALL {
                let found = findings(&document, *profile);
                let rule = found.first().map_or(String::new(), |it| format!("E {}", it.rule));
                assert_eq!((rule.as_str(), found.len()), (rules, usize::from(!rules.is_empty())), "{code}");
            }
        }
    }
    let name_type = &format!("{COMPANY}/name/nameIdentifier/0/legalPersonNameIdentifierType");
    hold(&[(name_type, json!("ALIA"), ALL, "E CODE-LIST")]);
}

#[test]
fn letters_are_those_of_the_edition() {
    let name = &format!("{PERSON}/name/nameIdentifier/0/primaryIdentifier");
    let local = &format!("{PERSON}/name/localNameIdentifier/0/primaryIdentifier");
    hold(&[
        (name, json!("O'Neil 2"), ALL, ""),
        (name, json!("Smith-Jones"), &[Ivms2020], "W PATTERN"),
        (name, json!("Smith-Jones, Jr."), &[Ivms2023, VerifyVasp], ""),
        (name, json!("Müller"), &[Ivms2020], "W PATTERN"),
        (name, json!("Müller"), &[Ivms2023], "E PATTERN"),
        (name, json!("Müller"), &[VerifyVasp], ""),
        (name, json!("Kim\n"), ALL, "E CHARACTERS"),
        (name, json!("K\u{85}"), ALL, "E CHARACTERS"),
        (local, json!("金"), ALL, ""),
        (local, json!("김\u{0}"), ALL, "E CHARACTERS"),
    ]);
}

#[test]
fn dates_are_days_of_the_calendar() {
    let at = &format!("{PERSON}/dateAndPlaceOfBirth/dateOfBirth");
    hold(&[
        (at, json!("2000-02-29"), ALL, ""),
        (at, json!("2001-02-29"), ALL, "E DATE"),
        (at, json!("05.06.1987"), ALL, "E DATE"),
        (at, json!("1987-6-5"), ALL, "E DATE"),
        (at, json!(1987), ALL, "E SHAPE"),
    ]);
}

#[test]
fn what_is_mandatory_is_missed() {
    for pointer in [
        "/originator",
        "/beneficiary",
        "/originator/originatorPersons",
        &format!("{PERSON}/name"),
        &format!("{PERSON}/name/nameIdentifier/0/primaryIdentifier"),
        &format!("{PERSON}/geographicAddress/0/addressType"),
        &format!("{PERSON}/geographicAddress/0/country"),
        &format!("{PERSON}/nationalIdentification/nationalIdentifier"),
        &format!("{PERSON}/nationalIdentification/nationalIdentifierType"),
        &format!("{PERSON}/dateAndPlaceOfBirth/dateOfBirth"),
        &format!("{PERSON}/dateAndPlaceOfBirth/placeOfBirth"),
        &format!("{COMPANY}/name/nameIdentifier/0/legalPersonName"),
    ] {
        hold(&[(pointer, Value::Null, ALL, "E MISSING")]);
    }
}

#[test]
fn the_edition_is_named_and_the_right_one() {
    let version = |document: &Value, profile| {
        let found = check(document, profile, today());
        let found = found.iter().filter(|it| it.rule != Rule::Spelling);
        found.map(|it| format!("{} {} {}", it.severity, it.rule, it.path)).collect::<Vec<_>>()
    };
    let at = "payloadMetadata.payloadVersion";
    let none = with("/payloadMetadata", Value::Null);
    assert_eq!(version(&none, Ivms2023), [format!("ERROR MISSING {at}")]);
    assert!(version(&none, Ivms2020).is_empty() && version(&none, VerifyVasp).is_empty());
    assert!(version(&good(), Ivms2023).is_empty());
    assert_eq!(version(&good(), Ivms2020), [format!("WARNING CODE-LIST {at}")]);
    let old = with("/payloadMetadata/payloadVersion", json!("101"));
    assert_eq!(version(&old, Ivms2023), [format!("WARNING CODE-LIST {at}")]);
}

#[test]
fn what_the_edition_writes_otherwise_is_remarked() {
    let remarks = |document: &Value, profile| {
        let found = check(document, profile, today());
        assert!(found.iter().all(|it| it.rule != Rule::Spelling || it.severity == Severity::Warning));
        found.iter().filter(|it| it.rule == Rule::Spelling).count()
    };
    // Persons and accounts stand where the edition of 2020 has them.
    assert_eq!(remarks(&good(), Ivms2020), 0);
    assert_eq!(remarks(&good(), Ivms2023), 2);
    let flat = with("/originatingVASP", company("", Value::Null));
    assert_eq!(remarks(&flat, Ivms2020), 1);
    for document in [good(), flat] {
        assert_eq!(remarks(&document, VerifyVasp), 0);
    }
}

#[test]
fn all_findings_come_at_once_and_in_document_order() {
    let mut document = with(&format!("{PERSON}/countryOfResidence"), json!("ZZ"));
    document["beneficiary"] =
        json!({"beneficiaryPerson": {"legalPerson": {"name": {"nameIdentifier": {"legalPersonName": "A"}}}}});
    document["originator"]["originatorPersons"][0]["naturalPerson"]["geographicAddress"][0]["floor"] =
        json!(3);
    let found = findings(&document, VerifyVasp);
    let paths: Vec<_> = found.iter().map(|it| format!("{} {}", it.rule, it.path)).collect();
    assert_eq!(
        paths,
        [
            "SHAPE originator.originatorPersons[0].naturalPerson.geographicAddress[0].floor",
            "C3 originator.originatorPersons[0].naturalPerson.countryOfResidence",
            "C5 beneficiary.beneficiaryPerson.legalPerson.name.nameIdentifier",
            "MISSING beneficiary.beneficiaryPerson.legalPerson.name.nameIdentifier.legalPersonNameIdentifierType",
            "MISSING beneficiary.accountNumber",
        ]
    );
}
