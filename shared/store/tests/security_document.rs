//! docs/SECURITY.md cannot rot: the tests that it names exist, and it says of every column how it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const DOCUMENT: &str = include_str!("../../../docs/SECURITY.md");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// A function that is a test: marked as one, or listed in a macro that makes it one.
fn is_test(source: &str, name: &str) -> bool {
    let marked = source.split("#[test]").skip(1).chain(source.split("#[tokio::test]").skip(1)).any(|after| {
        let head = after.split('{').next().unwrap_or_default();
        head.contains(&format!("fn {name}("))
    });
    let listed = source.lines().any(|line| {
        let line = line.trim();
        line == format!("{name},") || line.starts_with(&format!("{name}: \""))
    });
    marked || listed
}

#[test]
fn every_test_that_is_named_exists() {
    let shown = DOCUMENT.split("**Shown by:**").skip(1).map(|rest| rest.split("- **Left:**").next().unwrap());
    let named: BTreeSet<&str> = shown.flat_map(quoted).collect();
    assert!(named.len() > 50, "{named:?}");
    let mut all = Vec::new();
    for folder in ["services", "shared", "tests"] {
        sources(&root().join(folder), &mut all);
    }
    let missing: Vec<_> =
        named.iter().filter(|name| !all.iter().any(|source| is_test(source, name))).collect();
    assert!(missing.is_empty(), "docs/SECURITY.md names tests that do not exist: {missing:#?}");
    assert!(!all.iter().any(|source| is_test(source, "nobody_wrote_this_one")));
}

#[test]
fn every_threat_says_what_is_left() {
    let (_, threats) = DOCUMENT.split_once("\n## Threats\n").unwrap();
    let threats = threats.split("\n## ").next().unwrap();
    let each: Vec<&str> = threats.split("\n### ").skip(1).collect();
    assert!(each.len() >= 12);
    for threat in each {
        let title = threat.lines().next().unwrap();
        assert!(threat.contains("**Stopped by:**") && threat.contains("**Left:**"), "{title}");
    }
}

/// The columns of the tables that the migrations make.
fn columns() -> BTreeMap<String, BTreeSet<String>> {
    let mut files: Vec<_> =
        fs::read_dir(root().join("migrations/sqlite")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let mut inside = None;
        for line in fs::read_to_string(file).unwrap().lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match (&words[..], &inside) {
                (["CREATE", "TABLE", name, ..], _) => {
                    inside = Some((*name).to_owned());
                    tables.insert((*name).to_owned(), BTreeSet::new());
                }
                (["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..], _) => {
                    tables.entry((*name).to_owned()).or_default().insert((*column).to_owned());
                }
                ([first, ..], Some(_)) if first.starts_with(')') => inside = None,
                ([first, _, ..], Some(table))
                    if first.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') =>
                {
                    tables.get_mut(table).unwrap().insert((*first).to_owned());
                }
                _ => {}
            }
        }
    }
    tables
}

#[test]
fn it_says_of_every_column_how_it_stands() {
    let (_, table) = DOCUMENT.split_once("<!-- columns: compared with the migrations by a test -->").unwrap();
    let (table, _) = table.split_once("<!-- /columns -->").unwrap();
    let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for row in table.trim().lines().skip(2) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        if let Some(name) = quoted(cells[1]).next() {
            current = name.to_owned();
        }
        for column in quoted(cells[2]) {
            let new = said.entry(current.clone()).or_default().insert(column.to_owned());
            assert!(new, "{current}.{column} stands twice in docs/SECURITY.md");
        }
        assert!(["sealed", "hash", "clear"].contains(&cells[3]) && !cells[4].is_empty(), "{row}");
    }
    assert!(said.len() > 10);
    assert_eq!(said, columns(), "left: docs/SECURITY.md, right: the migrations");
}
