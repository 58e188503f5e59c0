//! `docs/API.md` says what the program does.

use std::path::Path;

use serde_json::Value;
use waybill_domain::codes::{CATALOGUE, CodeEntry, Surface};

use super::tests::{GUARDED, UUID};
use crate::callers::Scope;
use crate::testing::Api;

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/API.md")
}

fn document() -> String {
    std::fs::read_to_string(path()).unwrap()
}

fn scopes_table() -> String {
    let rows = Scope::ALL.iter().map(|scope| format!("| `{scope}` | {} |\n", scope.allows()));
    format!("| scope | allows to |\n|---|---|\n{}", rows.collect::<String>())
}

fn codes_table() -> String {
    let ours = CATALOGUE.iter().filter(|entry| entry.surface != Surface::Peer);
    let rows = ours.map(|CodeEntry { code, status, when, .. }| format!("| {status} | `{code}` | {when} |\n"));
    format!("| status | code | when |\n|---|---|---|\n{}", rows.collect::<String>())
}

/// Puts `table` between the marks of `name`.
fn with_part(document: &str, name: &str, table: &str) -> String {
    let (start, end) = (
        format!("<!-- {name}: written by the program, compared by a test -->\n"),
        format!("<!-- /{name} -->"),
    );
    let (before, rest) = document.split_once(&start).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{start}{table}{end}{after}")
}

#[test]
fn the_tables_of_scopes_and_codes_are_current() {
    let written = document();
    let current = with_part(&with_part(&written, "scopes", &scopes_table()), "codes", &codes_table());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path(), &current).unwrap();
        return;
    }
    assert!(
        written == current,
        "docs/API.md is out of date: UPDATE=1 cargo test -p waybill-ingress --lib document"
    );
}

#[test]
fn every_endpoint_stands_there_with_its_scope_and_a_section() {
    let document = document();
    for (method, path, scope) in GUARDED {
        let endpoint = format!("{method} {}", if *path == UUID { "/v1/verifications/{uuid}" } else { path });
        assert!(document.contains(&format!("\n| `{endpoint}` | `{scope}` | ")), "{endpoint}");
        assert!(document.contains(&format!("\n## {endpoint}\n")), "{endpoint}");
    }
}

#[test]
fn every_code_that_is_named_exists() {
    let document = document();
    let known = |code: &str| CATALOGUE.iter().any(|entry| entry.code == code);
    let refusals: Vec<&str> =
        document.split("\n\n").filter(|paragraph| paragraph.starts_with("Refusals")).collect();
    assert_eq!(refusals.len(), 6);
    for code in refusals.iter().flat_map(|paragraph| paragraph.split('`').skip(1).step_by(2)) {
        let of_a_field = code.starts_with("INVALID-");
        assert!(of_a_field || known(code) || code == "VERIFIED", "{code}");
    }
}

/// The first example in the section of an endpoint.
fn example(document: &str, heading: &str) -> Value {
    let (_, section) = document.split_once(&format!("\n## {heading}\n")).unwrap();
    let (_, example) = section.split_once("```json\n").unwrap();
    serde_json::from_str(example.split_once("```").unwrap().0).unwrap()
}

#[tokio::test]
async fn the_examples_work() {
    let (api, document) = (Api::start().await, document());
    let asked = example(&document, "POST /v1/verifications");
    assert_eq!(api.post("/v1/verifications", &asked).await.status, 200);
    let asked = example(&document, "POST /v1/verifications/account");
    let answer = api.post("/v1/verifications/account", &asked).await;
    answer.refuses(503, "SERVICE-UNAVAILABLE"); // good, and nobody there to ask the counterparty
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let shown = api.get("/v1/verifications").await.json();
    assert_eq!(names(&example(&document, "GET /v1/verifications")), names(&shown));
    assert_eq!(names(&example(&document, "GET /v1/verifications/{uuid}")), names(&shown["verifications"][0]));
    let members = api.get("/v1/vasps").await.json();
    assert_eq!(example(&document, "GET /v1/vasps")["vasps"][0], members["vasps"][1]);
}
