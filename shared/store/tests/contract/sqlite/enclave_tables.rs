//! The four tables that operators know from the enclave interface: every published column and enum value is there,
//! and every difference is on the list below, with its reason.

use std::collections::BTreeSet;

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row as _, Sqlite};

use super::file::File;

const PUBLISHED: &str = include_str!("../../fixtures/enclave_tables.sql");
const TABLES: [&str; 4] = ["verifications", "counter_party_keys", "own_keys", "commands"];

/// What was published → what we have, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    // types: SQLite has few, and does not enforce lengths; `waybill_domain::limits` does
    ("bigint unsigned AUTO_INCREMENT → INTEGER AUTOINCREMENT", "row numbers stay below 2^63"),
    ("bigint unsigned → INTEGER", "command ids have 63 bits"),
    ("bigint unsigned → TEXT", "VASP ids use all 64 bits and SQLite's integers are signed"),
    ("datetime → TEXT", "SQLite's own form of times, with milliseconds; sorts by time"),
    ("enum → TEXT", "with a CHECK for the same values"),
    ("text → TEXT", "the same"),
    ("tinyint → INTEGER", "the same"),
    ("varchar → TEXT", "the same, without a length"),
    // times are the node's, passed in, so that tests can turn the clock
    ("commands.created_at: default CURRENT_TIMESTAMP → none", "given by the node"),
    ("counter_party_keys.created_at: default CURRENT_TIMESTAMP → none", "given by the node"),
    ("own_keys.created_at: default CURRENT_TIMESTAMP → none", "given by the node"),
    ("verifications.created_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
    // verifications: what a retry needs, so that commands carry ids only
    ("verifications.error_reported_at: added", "tells a reported error from a failed verification"),
    ("verifications.expires_at: added", "the deadline, the same on both sides"),
    ("verifications.key_type: added", "to seal again for a retry"),
    ("verifications.payload_version: added", "to seal again for a retry"),
    ("verifications.required_beneficiary_info: added", "to ask again; to strip what was not asked for"),
    ("verifications.tx_hash_search: added", "a hash is found however it is spelled"),
    (
        "verifications: index idx_verifications_beneficiary_account (beneficiary_account_number) → \
         (beneficiary_account_number, created_at)",
        "a list is in the order of time, and an account can have a million rows",
    ),
    (
        "verifications: index idx_verifications_originator_account (originator_account_number) → \
         (originator_account_number, created_at)",
        "a list is in the order of time, and an account can have a million rows",
    ),
    (
        "verifications: index idx_verifications_beneficiary_vasp (beneficiary_vasp_id, created_at) added",
        "lists by role and counterparty",
    ),
    (
        "verifications: index idx_verifications_originating_vasp (originating_vasp_id, created_at) added",
        "lists by role and counterparty",
    ),
    (
        "verifications: index idx_verifications_created_at (created_at, verification_id, result, symbol, network, \
         originating_vasp_id, beneficiary_vasp_id) added",
        "lists by time, and by what is too common for an index of its own",
    ),
    (
        "verifications: index idx_verifications_tx_hash_search (tx_hash_search) WHERE tx_hash_search IS NOT NULL added",
        "lists by hash",
    ),
    // counter_party_keys
    ("counter_party_keys.expires_at: added", "until when a key may be used"),
    ("counter_party_keys.key_id: added", "the counterparty's name for its key"),
    (
        "counter_party_keys: index key_uniqueness → uk_counter_party_keys",
        "names of indexes are unique in SQLite",
    ),
    (
        "counter_party_keys: index idx_counter_party_keys_expires_at (expires_at) added",
        "forgetting what has expired",
    ),
    // own_keys
    ("own_keys.key_id: added", "the name under which counterparties use the key"),
    ("own_keys.retired_at: added", "a retired key still opens what was sealed to it"),
    ("own_keys: index key_uniqueness → uk_own_keys", "names of indexes are unique in SQLite"),
    ("own_keys: index public_key (public_key, private_key) left out", "private keys belong in no index"),
    (
        "own_keys: index idx_own_keys_created_at (type, created_at) added",
        "forgetting what nobody needs any more",
    ),
    (
        "own_keys: index idx_own_keys_retired_at (retired_at) WHERE retired_at IS NOT NULL added",
        "forgetting what nobody needs any more",
    ),
    ("own_keys: index uk_own_keys_key_id unique (key_id) added", "a sealed message names the key's id"),
    // commands: when, by whom and how often; all of it for the guarantee that none is lost
    ("commands.attempts: added", "decides how long to wait, and when to give up"),
    ("commands.due_at: added", "every delay is a row, never a sleeping message"),
    ("commands.group_key: added", "what belongs to one verification"),
    ("commands.holds_until: added", "callbacks of one verification go out in order"),
    ("commands.last_error: added", "for operators"),
    ("commands.lease_token: added", "proves who works on it"),
    ("commands.lease_until: added", "when it is handed out again"),
    ("commands.published_at: added", "when it was handed out last"),
    ("commands.traceparent: added", "continues the trace of its cause"),
    (
        "commands: index idx_commands_due (command_type, due_at) WHERE status = 'CREATED' added",
        "what is due, without the many that are finished",
    ),
    (
        "commands: index idx_commands_finished (finished_at) WHERE finished_at IS NOT NULL added",
        "forgetting what was done long ago",
    ),
    (
        "commands: index idx_commands_group (group_key, command_type, command_id) WHERE group_key IS NOT NULL added",
        "order within a group",
    ),
    (
        "commands: index idx_commands_lease (lease_token, lease_until) WHERE status = 'PROCESSING' added",
        "what was just claimed, and what nobody works on any more",
    ),
    (
        "commands: index status_fetched_at_created_at (status, fetched_at, created_at) left out",
        "served by idx_commands_lease",
    ),
    ("commands: index status_finished_at (status, finished_at) left out", "served by idx_commands_finished"),
    ("commands: index status_id (status, command_id) left out", "served by idx_commands_due"),
];

/// One table, in words that both dialects share.
#[derive(Debug, Default)]
struct Table {
    columns: Vec<Column>,
    indexes: Vec<Index>,
}

#[derive(Debug)]
struct Column {
    name: String,
    /// Without length.
    kind: String,
    required: bool,
    default: Option<String>,
    values: Vec<String>,
}

#[derive(Debug)]
struct Index {
    name: String,
    /// The columns, and what makes the index special.
    shape: String,
}

#[tokio::test]
async fn every_difference_from_the_published_tables_is_intended() {
    let file = File::new();
    let store = file.open().await.unwrap();
    let mut connection = file.connection().await;
    let mut found = BTreeSet::new();
    for name in TABLES {
        let published = published_table(name);
        assert!(published.columns.len() >= 6, "{name}: {published:?}");
        let ours = our_table(&mut connection, name).await;
        compare(name, &published, &ours, &mut found);
    }
    store.close().await;
    let listed: BTreeSet<String> =
        DIFFERENCES.iter().map(|(difference, _)| (*difference).to_owned()).collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    assert!(unlisted.is_empty(), "not on the list: {unlisted:#?}");
    let stale: Vec<_> = listed.difference(&found).collect();
    assert!(stale.is_empty(), "on the list and not there: {stale:#?}");
    assert!(DIFFERENCES.iter().all(|(_, reason)| !reason.is_empty()));
}

fn compare(table: &str, published: &Table, ours: &Table, found: &mut BTreeSet<String>) {
    for column in &published.columns {
        let name = format!("{table}.{}", column.name);
        let Some(own) = ours.columns.iter().find(|own| own.name == column.name) else {
            panic!("{name} is missing: operators' queries name it");
        };
        assert_eq!(own.values, column.values, "{name}: the values of an enum are part of the interface");
        if own.kind != column.kind {
            found.insert(format!("{} → {}", column.kind, own.kind));
        }
        if own.required != column.required {
            found.insert(format!("{name}: {} → {}", nullable(column), nullable(own)));
        }
        if own.default != column.default {
            found.insert(format!("{name}: default {} → {}", default(column), default(own)));
        }
    }
    for own in &ours.columns {
        if !published.columns.iter().any(|column| column.name == own.name) {
            found.insert(format!("{table}.{}: added", own.name));
        }
    }
    for index in &published.indexes {
        let Index { name, shape } = index;
        let same_name = ours.indexes.iter().find(|own| own.name == *name);
        let same_shape = ours.indexes.iter().find(|own| own.shape == *shape);
        match (same_name, same_shape) {
            (Some(own), _) if own.shape == *shape => continue,
            (Some(own), _) => found.insert(format!("{table}: index {name} {shape} → {}", own.shape)),
            (None, Some(own)) => found.insert(format!("{table}: index {name} → {}", own.name)),
            (None, None) => found.insert(format!("{table}: index {name} {shape} left out")),
        };
    }
    for own in &ours.indexes {
        let known = |index: &Index| index.name == own.name || index.shape == own.shape;
        if !published.indexes.iter().any(known) {
            found.insert(format!("{table}: index {} {} added", own.name, own.shape));
        }
    }
}

fn nullable(column: &Column) -> &'static str {
    if column.required { "NOT NULL" } else { "NULL" }
}

fn default(column: &Column) -> &str {
    column.default.as_deref().unwrap_or("none")
}

/// Reads one `CREATE TABLE` of MySQL, as far as these four use it.
fn published_table(name: &str) -> Table {
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
    Column {
        name: name.to_owned(),
        kind,
        required: definition.contains("NOT NULL"),
        default: default.filter(|default| default != "NULL"),
        values: quoted(values),
    }
}

fn published_index(line: &str) -> Index {
    let (head, columns) = line.split_once(" (").unwrap();
    let unique = if head.starts_with("UNIQUE") { "unique " } else { "" };
    let columns = columns.trim_end_matches(')').replace('`', "");
    Index { name: head.split('`').nth(1).unwrap().to_owned(), shape: format!("{unique}({columns})") }
}

/// Asks the database what it has.
async fn our_table(connection: &mut SqliteConnection, name: &'static str) -> Table {
    let mut rows = async |statement| {
        sqlx::query::<Sqlite>(statement).bind(name).fetch_all(&mut *connection).await.unwrap()
    };
    let definition = rows("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?").await;
    let definition: String = definition[0].get("sql");
    let columns = rows("SELECT * FROM pragma_table_info(?)").await;
    let columns = columns.iter().map(|row| our_column(row, &definition)).collect();
    let indexes = rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?").await;
    Table { columns, indexes: indexes.iter().map(our_index).collect() }
}

fn our_column(row: &SqliteRow, definition: &str) -> Column {
    let name: String = row.get("name");
    let check = definition
        .split_once(&format!("CHECK ({name} IN ("))
        .map(|(_, rest)| rest.split(')').next().unwrap());
    let mut kind: String = row.get("type");
    let key = row.get::<i64, _>("pk") == 1;
    if key && definition.contains("AUTOINCREMENT") {
        kind.push_str(" AUTOINCREMENT");
    }
    let default: Option<String> = row.get("dflt_value");
    Column {
        name,
        kind,
        required: key || row.get::<i64, _>("notnull") == 1,
        default: default.filter(|default| default != "NULL"),
        values: quoted(check.unwrap_or_default()),
    }
}

/// From `CREATE UNIQUE INDEX name ON table (columns) WHERE condition`.
fn our_index(row: &SqliteRow) -> Index {
    let definition: String = row.get("sql");
    let (_, shape) = definition.split_once(" (").unwrap();
    let unique = if definition.starts_with("CREATE UNIQUE") { "unique " } else { "" };
    let shape = shape.split_whitespace().collect::<Vec<_>>().join(" ");
    Index { name: row.get("name"), shape: format!("{unique}({shape}") }
}

fn quoted(list: &str) -> Vec<String> {
    list.split(',')
        .map(|item| item.trim().trim_matches('\'').to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}
