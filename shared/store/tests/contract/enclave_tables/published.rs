//! The tables as they were published, for MySQL.

use super::{Column, Index, Table, quoted};

const PUBLISHED: &str = include_str!("../../fixtures/enclave_tables.sql");

/// Reads one `CREATE TABLE` of MySQL, as far as these four use it.
pub(super) fn table(name: &str) -> Table {
    let begin = PUBLISHED.find(&format!("CREATE TABLE `{name}` (")).unwrap();
    let text = &PUBLISHED[begin..];
    let mut table = Table::default();
    for line in text[..text.find("\n)").unwrap()].lines().skip(1) {
        let line = line.trim().trim_end_matches(',');
        if let Some(rest) = line.strip_prefix('`') {
            table.columns.push(published_column(rest));
        } else if !line.starts_with("PRIMARY KEY") {
            table.indexes.push(published_index(line));
        }
    }
    table
}

fn published_column(line: &str) -> Column {
    let (name, rest) = line.split_once("` ").unwrap();
    let definition = rest.split(" COMMENT ").next().unwrap();
    let values = definition.strip_prefix("enum(").map_or("", |rest| rest.split(')').next().unwrap());
    let kind = definition.split(['(', ' ']).next().unwrap();
    let automatic = definition.contains("AUTO_INCREMENT");
    let mut kind = if definition.contains("unsigned") { format!("{kind} unsigned") } else { kind.to_owned() };
    if automatic {
        kind.push_str(" AUTO_INCREMENT");
    }
    let default = definition.split_once("DEFAULT ").map(|(_, default)| default.to_owned());
    let length = definition.split_once('(').and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
    // `datetime` has no decimals of a second.
    let length = length.or((kind == "datetime").then_some(0));
    Column {
        name: name.to_owned(),
        kind,
        length,
        required: definition.contains("NOT NULL"),
        default: default
            .filter(|default| default != "NULL")
            .map(|default| default.trim_matches('\'').to_owned()),
        values: quoted(values),
    }
}

fn published_index(line: &str) -> Index {
    let (head, columns) = line.split_once(" (").unwrap();
    let unique = if head.starts_with("UNIQUE") { "unique " } else { "" };
    let columns = columns.trim_end_matches(')').replace('`', "");
    Index { name: head.split('`').nth(1).unwrap().to_owned(), shape: format!("{unique}({columns})") }
}
