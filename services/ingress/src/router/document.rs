//! `docs/API.md` and the OpenAPI document say what the program does.

use std::collections::BTreeSet;
use std::path::Path;

use http::Request;
use serde_json::{Value, json};
use waybill_domain::codes::{CATALOGUE, CodeEntry, Surface};
use waybill_openapi::check::Checker;

use super::tests::{GUARDED, template};
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
        let endpoint = format!("{method} {}", template(path));
        assert!(document.contains(&format!("\n| `{endpoint}` | `{scope}` | ")), "{endpoint}");
        assert!(document.contains(&format!("\n## {endpoint}\n")), "{endpoint}");
    }
}

/// Routes, scopes and description come from one list; this holds the list against the tests' own.
#[test]
fn the_description_has_every_guarded_endpoint_with_its_scope_and_no_other() {
    let description = crate::description(Vec::new());
    let mut described: Vec<(String, String)> = Checker::new(&description).endpoints();
    for (method, path, scope) in GUARDED {
        let path = template(path);
        let security = &description["paths"][path][method.to_lowercase()]["security"];
        assert_eq!(security[0]["bearer"], json!([scope.as_str()]), "{method} {path}");
        assert_eq!(security[1]["apiKey"], json!([scope.as_str()]), "{method} {path}");
        described.retain(|(described, at)| (&**described, &**at) != (method, path));
    }
    let open = [("GET", "/healthcheck"), ("GET", "/openapi.json")];
    assert_eq!(described, open.map(|(method, path)| (method.to_owned(), path.to_owned())));
}

#[tokio::test]
async fn every_described_endpoint_is_routed() {
    let api = Api::start().await;
    for (method, path) in Checker::new(&crate::description(Vec::new())).endpoints() {
        let request =
            Request::builder().method(&*method).uri(path.replace("{uuid}", "x").replace("{requestId}", "x"));
        let answer = api.send(request.header("content-type", "application/json"), "{}".into()).await;
        assert!(![404, 405].contains(&answer.status), "{method} {path}: {}", answer.text());
    }
}

/// What the catalogue has for this API stands in the description, with its status, and nothing else does.
#[test]
fn every_code_of_the_catalogue_is_described() {
    let description = crate::description(Vec::new());
    let mut found = BTreeSet::new();
    let operations = description["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values());
    for (status, response) in operations.flat_map(|operation| operation["responses"].as_object().unwrap()) {
        let examples = response["content"]["application/json"]["examples"].as_object().into_iter().flatten();
        found.extend(
            examples
                .filter(|_| status != "200")
                .map(|(code, _)| (status.parse::<u16>().unwrap(), code.clone())),
        );
    }
    for (status, code) in [(404, "PATH-NOT-FOUND"), (405, "METHOD-NOT-ALLOWED")] {
        let text = description["info"]["description"].as_str().unwrap();
        assert!(text.contains(&format!("{status} `{code}`")), "they can be met at every path");
        found.insert((status, code.to_owned()));
    }
    found.retain(|(_, code)| !code.starts_with("INVALID-") && !code.starts_with("MISSING-"));
    assert!(
        found.remove(&(403, "UNKNOWN-ERROR-CODE".to_owned())),
        "the catalogue has it with its other status"
    );
    let ours = CATALOGUE.iter().filter(|entry| entry.surface != Surface::Peer);
    assert_eq!(found, ours.map(|entry| (entry.status, entry.code.to_owned())).collect());
}

#[test]
fn every_field_and_parameter_is_described_and_has_an_example() {
    fn look(value: &Value, path: &str, faults: &mut Vec<String>) {
        let Value::Object(map) = value else { return };
        let places = ["properties", "schemas", "parameters"];
        for (key, inner) in map {
            look(inner, &format!("{path}/{key}"), faults);
            if places.contains(&key.as_str()) && key == "properties" {
                for (name, field) in inner.as_object().unwrap() {
                    let named = field["$ref"].is_string() || field["anyOf"].is_array();
                    let has_fields = field["type"] == "object" || field["type"] == "array";
                    let described = named || field["description"].is_string() || field["format"].is_string();
                    let shown = named
                        || has_fields
                        || field["examples"].is_array()
                        || field["contentMediaType"].is_string();
                    if !(described && shown) {
                        faults.push(format!("{path}/{name}"));
                    }
                }
            }
        }
    }
    let (description, mut faults) = (crate::description(Vec::new()), Vec::new());
    look(&description, "", &mut faults);
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn the_examples_of_the_description_are_taken() {
    let (api, description) = (Api::start().await, crate::description(Vec::new()));
    let examples = |path: &str| {
        let content = &description["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        content["examples"]
            .as_object()
            .unwrap()
            .values()
            .map(|example| example["value"].clone())
            .collect::<Vec<_>>()
    };
    for asked in examples("/v1/verifications") {
        assert_eq!(api.post("/v1/verifications", &asked).await.status, 200);
    }
    for asked in examples("/v1/verifications/account") {
        // Good, and nobody there to ask the counterparty.
        api.post("/v1/verifications/account", &asked).await.refuses(503, "SERVICE-UNAVAILABLE");
    }
    for vendor in ["chainalysis-sanction", "chainalysis-kyt", "refinitiv-wco"] {
        let path = format!("/v1/risk-assessment/{vendor}");
        for asked in examples(&path) {
            // Good, and nobody there to ask the vendor.
            api.post(&path, &asked).await.refuses(503, "SERVICE-UNAVAILABLE");
        }
    }
    for path in ["/v1/verifications/tx", "/v1/verifications/error", "/v1/verifications/tx/inquiry"] {
        for asked in examples(path) {
            api.post(path, &asked).await.refuses(404, "VERIFICATION-NOT-FOUND");
        }
    }
}

#[test]
fn every_code_that_is_named_exists() {
    let document = document();
    let known = |code: &str| CATALOGUE.iter().any(|entry| entry.code == code);
    let refusals: Vec<&str> =
        document.split("\n\n").filter(|paragraph| paragraph.starts_with("Refusals")).collect();
    assert_eq!(refusals.len(), 10);
    for code in refusals.iter().flat_map(|paragraph| paragraph.split('`').skip(1).step_by(2)) {
        let of_a_field = code.starts_with("INVALID-") || code.starts_with("MISSING-");
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
    let tether = api.get("/v1/networks?asset=USDT").await.json();
    let tron = &example(&document, "GET /v1/networks")["networks"][0];
    assert!(tether["networks"].as_array().unwrap().contains(tron), "{tron}");
}
