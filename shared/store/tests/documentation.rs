//! docs/ARCHITECTURE.md and its neighbours say what the code does, and the code keeps the order that they promise.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use waybill_domain::transitions_markdown;

const ARCHITECTURE: &str = include_str!("../../../docs/ARCHITECTURE.md");
const GUIDES: [&str; 3] = [
    ARCHITECTURE,
    include_str!("../../../docs/ADDING-AN-ENDPOINT.md"),
    include_str!("../../../docs/ADDING-A-WORKER.md"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every crate of `services/` and `shared/`, with its manifest.
fn crates() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["services", "shared"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let entry = entry.unwrap();
            if let Ok(manifest) = fs::read_to_string(entry.path().join("Cargo.toml")) {
                found.push((format!("{folder}/{}", entry.file_name().to_str().unwrap()), manifest));
            }
        }
    }
    assert!(found.len() > 15, "{found:?}");
    found
}

/// What a crate is built with; its tests may use more.
fn dependencies(manifest: &str) -> BTreeSet<&str> {
    let (_, section) = manifest.split_once("[dependencies]").unwrap_or_default();
    let section = section.split("\n[").next().unwrap();
    section
        .lines()
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn the_table_of_legal_changes_is_the_programs() {
    let (_, rest) = ARCHITECTURE
        .split_once("<!-- transitions: written by the program, compared by a test -->\n")
        .unwrap();
    let (table, _) = rest.split_once("\n<!-- /transitions -->").unwrap();
    assert_eq!(
        table.trim(),
        transitions_markdown().trim(),
        "put the right-hand side into docs/ARCHITECTURE.md"
    );
}

#[test]
fn every_path_in_the_guides_exists() {
    let mut seen = 0;
    for path in GUIDES.iter().flat_map(|guide| guide.split('`')) {
        let ours = ["services/", "shared/", "tests/", "migrations/", "docs/"]
            .iter()
            .any(|top| path.starts_with(top));
        if ours && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_.-".contains(&byte)) {
            seen += 1;
            assert!(root().join(path).exists(), "the guides name {path}, which is not there");
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn every_crate_is_in_the_table() {
    for (name, _) in crates() {
        assert!(ARCHITECTURE.contains(&format!("\n| `{name}` |")), "docs/ARCHITECTURE.md lacks {name}");
    }
}

#[test]
fn dependencies_point_one_way() {
    let all = crates();
    let services: Vec<String> = all
        .iter()
        .filter_map(|(name, _)| name.strip_prefix("services/"))
        .map(|name| format!("waybill-{name}"))
        .collect();
    for (name, manifest) in &all {
        let uses = dependencies(manifest);
        let service = uses.iter().find(|used| services.iter().any(|service| service == *used));
        assert!(name == "services/node" || service.is_none(), "{name} knows the service {service:?}");
    }
    let of = |name: &str| {
        let (_, manifest) = all.iter().find(|(other, _)| other == name).unwrap();
        dependencies(manifest).into_iter().filter(|used| used.starts_with("waybill-")).collect::<Vec<_>>()
    };
    assert!(of("shared/domain").is_empty());
    assert_eq!(of("shared/ivms101"), ["waybill-domain"]);
    assert_eq!(of("shared/protocol"), ["waybill-crypto", "waybill-domain"]);
}

#[test]
fn one_crate_has_sql_and_one_the_http_client() {
    for (only, library) in [("shared/store", "sqlx"), ("shared/egress", "reqwest")] {
        let users: Vec<String> = crates()
            .into_iter()
            .filter(|(_, manifest)| dependencies(manifest).contains(library))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(users, [only], "{library}");
    }
}
