//! `waybill ivms101 …`.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use waybill_testkit::{TestFolder, built_program};
use waybill_tests::{stderr, stdout, waybill};

/// A natural person with a company beside it, in the names of 2023.
fn document() -> Value {
    let name = |name: &str| json!({"primaryIdentifier": name, "naturalPersonNameIdentifierType": "LEGL"});
    let person = |who: &str, account: &str| json!({"naturalPerson": {"name": {"nameIdentifier": [name(who)]}}, "accountNumber": [account]});
    json!({
        "originator": {"originatorPerson": [person("Robbins", "0xAb"), person("Ellis", "0xCd")]},
        "beneficiary": {"beneficiaryPerson": [person("Park", "0xEf")]},
        "payloadMetadata": {"payloadVersion": "101.2023"}
    })
}

fn convert(document: &str, arguments: &[&str]) -> Output {
    let folder = TestFolder::new();
    folder.write("document.json", document);
    waybill(&[&["ivms101", "convert", "document.json"], arguments].concat(), &folder)
}

#[test]
fn a_document_is_converted_and_its_losses_told() {
    let converted = convert(&document().to_string(), &["--to", "2020"]);
    let said = stderr(&converted);
    assert_eq!(converted.status.code(), Some(0), "{said}");
    let written: Value = serde_json::from_str(&stdout(&converted)).unwrap();
    assert_eq!(written["originator"]["accountNumber"], json!(["0xAb", "0xCd"]));
    assert_eq!(written["originator"]["originatorPersons"].as_array().unwrap().len(), 2);
    assert!(said.starts_with("Read as IVMS101.2023.\n"), "{said}");
    assert!(said.contains("originator.originatorPersons[1].accountNumber: "), "{said}");
    assert!(said.ends_with("Written as IVMS101 (2020). 2 things are lost or changed.\n"), "{said}");
    for personal in ["Robbins", "Ellis", "Park", "0xAb"] {
        assert!(!said.contains(personal), "{said}");
    }
}

#[test]
fn strict_asks_for_everything() {
    let document = document().to_string();
    for (arguments, code) in [
        (&["--to", "2020", "--strict"][..], 1),
        (&["--to", "verifyvasp", "--strict"], 1),
        (&["--to", "2023", "--strict"], 0),
    ] {
        let converted = convert(&document, arguments);
        assert_eq!(converted.status.code(), Some(code), "{arguments:?}: {}", stderr(&converted));
        assert!(!stdout(&converted).is_empty(), "{arguments:?}");
    }
    // What cannot be read is lost, too.
    let misread = json!({"beneficiary": {"accountNumber": ["0xab", 5]}}).to_string();
    let converted = convert(&misread, &["--to", "verifyvasp", "--strict"]);
    assert_eq!(converted.status.code(), Some(1));
    assert!(stderr(&converted).contains("beneficiary.accountNumber[1]: A text is expected."));
}

#[test]
fn what_is_no_document_is_refused() {
    let too_long = format!("{{\"originator\": \"{}\"}}", "a".repeat(300_000));
    let too_deep = "[".repeat(10_000);
    for (document, why) in [
        ("{\"originator\": ", "not JSON: line 1"),
        ("", "not JSON"),
        (r#"{"hello": "world"}"#, "holds nothing of IVMS101"),
        (too_long.as_str(), "longer than 262144 bytes"),
        (too_deep.as_str(), "nested too deeply"),
    ] {
        let refused = convert(document, &["--to", "2023"]);
        assert_eq!((refused.status.code(), stdout(&refused).as_str()), (Some(2), ""), "{why}");
        assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
    }
    let missing = waybill(&["ivms101", "convert", "nowhere.json", "--to", "2023"], &TestFolder::new());
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("cannot read nowhere.json"), "{}", stderr(&missing));
}

#[test]
fn a_document_may_come_by_standard_input() {
    let mut program = Command::new(built_program("waybill"))
        .args(["ivms101", "convert", "-", "--to", "2023"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(document().to_string().as_bytes()).unwrap();
    let converted = program.wait_with_output().unwrap();
    assert!(converted.status.success(), "{}", stderr(&converted));
    assert_eq!(serde_json::from_str::<Value>(&stdout(&converted)).unwrap(), document());
    assert!(stderr(&converted).ends_with("Written as IVMS101.2023. Nothing is lost.\n"));
}
