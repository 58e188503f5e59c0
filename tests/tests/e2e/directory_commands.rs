//! `waybill directory sign | verify`.

use std::process::Output;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use waybill_testkit::TestFolder;
use waybill_tests::{Member, edit};

use waybill_tests::{stderr, stdout, waybill};

#[test]
fn what_operators_sign_can_be_verified_and_nothing_else() {
    let folder = TestFolder::new();
    let [key, public] = generate_key(&folder);
    folder.write("operator.key", key);
    let member = |id: u64, active: bool| {
        let like = json!({
            "vaspName": format!("Exchange {id}"), "vaspStatus": "VERIFIED-MEMBER", "active": active,
            "legalPerson": {"legalPerson": {}}, "protocols": ["ALLIANCE"],
            "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z",
            "identityKeys": [{"notBefore": "2026-01-01T00:00:00.000Z", "notAfter": "2099-01-01T00:00:00.000Z"}]
        });
        Member::new(id).entry(&like)
    };
    let document = json!({
        "version": 12, "issuedAt": "2026-01-01T00:00:00.000Z", "expiresAt": "2099-01-01T00:00:00.000Z",
        "members": [member(5, true), member(6, false)]
    });
    let sign = |document: &Value| {
        folder.write("members.json", document.to_string());
        let files = ["--members", "members.json", "--key-file", "operator.key", "--out", "signed.json"];
        waybill(&[&["directory", "sign"], &files[..]].concat(), &folder)
    };
    let verify = |trust_root: &str| {
        waybill(&["directory", "verify", "--file", "signed.json", "--trust-root", trust_root], &folder)
    };

    let signed = sign(&document);
    assert!(signed.status.success() && stdout(&signed).contains("version 12"), "{}", stderr(&signed));
    let verified = verify(&public);
    assert!(verified.status.success(), "{}", stderr(&verified));
    let lines: Vec<Vec<String>> =
        stdout(&verified).lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect();
    assert_eq!(lines[0].join(" "), "Version 12, good until 2099-01-01T00:00:00.000Z.");
    assert_eq!(lines[2], ["5", "Exchange", "5", "yes", "http://127.0.0.1:1/"]);
    assert_eq!(lines[3], ["6", "Exchange", "6", "no", "http://127.0.0.1:1/"]);

    is_refused(&verify(&generate_key(&folder)[1]), "the trust root is");
    let signed = std::fs::read_to_string(folder.join("signed.json")).unwrap();
    let inside = json!(URL_SAFE_NO_PAD.encode(edit(document.clone(), "version", json!(13)).to_string()));
    let altered = edit(serde_json::from_str(&signed).unwrap(), "document", inside);
    folder.write("signed.json", altered.to_string());
    is_refused(&verify(&public), "signature is wrong");

    assert!(sign(&edit(document.clone(), "expiresAt", json!("2026-01-02T00:00:00.000Z"))).status.success());
    is_refused(&verify(&public), "expired on 2026-01-02T00:00:00.000Z");
    let twice = json!([member(5, true), member(5, true)]);
    is_refused(&sign(&edit(document.clone(), "members", twice)), "listed twice");
    is_refused(&sign(&edit(document, "version", Value::Null)), "is not a list of members");
}

/// A fresh key of an operator, and its public half.
fn generate_key(folder: &TestFolder) -> [String; 2] {
    let generated = stdout(&waybill(&["generate", "directory-key"], folder));
    let value = |name: &str| {
        let line = generated.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {generated}")).to_owned()
    };
    [value("secret: "), value("public: ")]
}

fn is_refused(output: &Output, why: &str) {
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(output).is_empty() && stderr(output).contains(why), "{why}: {}", stderr(output));
}
