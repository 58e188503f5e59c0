//! Over a SQLite file.

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row as _, Sqlite};

use super::{Column, Differences, Index, TABLES, Table, assert_intended, quoted, screening};
use crate::sqlite::File;

const DIFFERENCES: Differences = &[
    ("bigint unsigned AUTO_INCREMENT → INTEGER AUTOINCREMENT", "row numbers stay below 2^63"),
    ("bigint unsigned → INTEGER", "command ids have 63 bits"),
    ("bigint unsigned → TEXT", "VASP ids use all 64 bits and SQLite's integers are signed"),
    ("datetime → TEXT", "SQLite's own form of times, with milliseconds; sorts by time"),
    ("enum → TEXT", "with a CHECK for the same values"),
    ("text → TEXT", "the same"),
    ("int → INTEGER", "the same"),
    ("tinyint → INTEGER", "the same"),
    ("varchar → TEXT", "the same, without a length"),
    (
        "verifications: index idx_verifications_tx_hash_search (tx_hash_search) WHERE tx_hash_search IS NOT NULL added",
        "lists by hash",
    ),
    (
        "counter_party_keys: index key_uniqueness → uk_counter_party_keys",
        "names of indexes are unique in SQLite",
    ),
    ("own_keys: index key_uniqueness → uk_own_keys", "names of indexes are unique in SQLite"),
    (
        "own_keys: index idx_own_keys_retired_at (retired_at) WHERE retired_at IS NOT NULL added",
        "forgetting what nobody needs any more",
    ),
    (
        "commands: index idx_commands_dead (command_id) WHERE status = 'ERROR' AND dropped_at IS NULL added",
        "what was given up, for operators",
    ),
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
        "commands: index idx_commands_unpublished (due_at) WHERE status = 'CREATED' AND published_at IS NULL added",
        "what the broker is to be given",
    ),
    ("commands: index status_finished_at (status, finished_at) left out", "served by idx_commands_finished"),
    ("chainalysis_kyt_results: index idx_kyt_due_at (due_at) WHERE due_at IS NOT NULL added", "what is due"),
    ("refinitiv_wco_results: index idx_wco_due_at (due_at) WHERE due_at IS NOT NULL added", "what is due"),
];

#[tokio::test]
async fn every_difference_from_the_published_tables_is_intended() {
    let file = File::new();
    let store = file.open().await.unwrap();
    let mut connection = file.connection().await;
    let mut ours = Vec::new();
    for name in TABLES {
        ours.push((name, our_table(&mut connection, name).await));
    }
    store.close().await;
    assert_intended(&ours, &[DIFFERENCES, screening::NAMED]);
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
        length: None,
        required: key || row.get::<i64, _>("notnull") == 1,
        default: default
            .filter(|default| default != "NULL")
            .map(|default| default.trim_matches('\'').to_owned()),
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
