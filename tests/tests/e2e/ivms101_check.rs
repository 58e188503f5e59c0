//! `waybill ivms101 check`.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use waybill_testkit::{TestFolder, built_program};

use waybill_tests::{stderr, stdout, waybill};

/// A company asks for a check by the private API: one error and some warnings by its own rules.
fn document() -> Value {
    json!({"payload": {"version": "1.0", "ivms101": {
        "originator": {"originatorPerson": {"naturalPerson": {
            "name": {"nameIdentifier": [{"primaryIdentifier": "Robbins", "nameIdentifierType": "LEGL"}]},
            "geographicAddress": [{"addressType": "HOME", "streetName": "Falconry Lane", "country": "UK"}]
        }}, "accountNumber": ["0xAb"]},
        "beneficiary": {"beneficiaryPersons": [], "accountNumber": ["0xCd"]}
    }}})
}

fn check(document: &str, more: &[&str]) -> Output {
    let folder = TestFolder::new();
    folder.write("document.json", document);
    waybill(&[&["ivms101", "check", "document.json"], more].concat(), &folder)
}

#[test]
fn every_finding_is_printed_and_no_value() {
    let output = check(&document().to_string(), &[]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output));
    for value in ["Robbins", "Falconry", "0xAb"] {
        assert!(!stdout(&output).contains(value) && !stderr(&output).contains(value), "{value}");
    }
}

#[test]
fn the_profile_decides_what_is_an_error() {
    let findings = |profile: &str| {
        let output = check(&document().to_string(), &["--json", "--profile", profile]);
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let all = report["findings"].as_array().unwrap();
        let counted = |severity: &str| all.iter().filter(|it| it["severity"] == severity).count();
        assert_eq!(report["profile"], profile);
        assert_eq!(report["errors"], counted("ERROR"));
        assert_eq!(report["warnings"], counted("WARNING"));
        let found = all.iter().map(|it| (it["rule"].to_string(), it["severity"].to_string()));
        found.collect::<Vec<_>>()
    };
    let c8 = |severity: &str| (json!("C8").to_string(), json!(severity).to_string());
    assert!(findings("verifyvasp").contains(&c8("WARNING")));
    assert!(findings("2020").contains(&c8("ERROR")));
    assert!(findings("2023").contains(&c8("ERROR")));
}

#[test]
fn the_exit_code_tells_good_from_bad_from_unreadable() {
    let mut good = document();
    let ivms101 = &mut good["payload"]["ivms101"];
    ivms101["originator"]["originatorPerson"]["naturalPerson"]["geographicAddress"][0]["country"] =
        json!("GB");
    ivms101["beneficiary"]["beneficiaryPersons"] = json!([{"naturalPerson": {
        "name": {"nameIdentifier": [{"primaryIdentifier": "Kim", "nameIdentifierType": "LEGL"}]}
    }}]);
    let output = check(&good.to_string(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("0 errors, ") && stdout(&output).contains("WARNING  C8"));
    for (bad, why) in [("{", "not JSON"), ("\u{1}", "not JSON")] {
        let output = check(bad, &[]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stdout(&output).is_empty() && stderr(&output).contains(why), "{}", stderr(&output));
    }
    let missing = waybill(&["ivms101", "check", "nowhere.json"], &TestFolder::new());
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("cannot read nowhere.json"), "{}", stderr(&missing));
    assert_eq!(check("{}", &[]).status.code(), Some(1));
}

#[test]
fn standard_input_is_read_too() {
    let mut program = Command::new(built_program("waybill"))
        .args(["ivms101", "check", "-", "--profile", "2023"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(document().to_string().as_bytes()).unwrap();
    let output = program.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("by the rules of IVMS101.2023"), "{}", stdout(&output));
}
