//! Over MariaDB.

use waybill_testkit::servers;

use super::{Column, Differences, Index, TABLES, Table, assert_intended, quoted};
use crate::server::Remote;

const DIFFERENCES: Differences = &[
    ("text → mediumtext", "a ciphertext in text form is a third longer than what it seals"),
    ("varchar → mediumtext", "sealed: free text of backends and summaries of World-Check name people"),
    ("commands.created_at: length 0 → 3", "milliseconds"),
    ("commands.fetched_at: length 0 → 3", "milliseconds"),
    ("commands.finished_at: length 0 → 3", "milliseconds"),
    ("counter_party_keys.created_at: length 0 → 3", "milliseconds"),
    ("own_keys.created_at: length 0 → 3", "milliseconds"),
    ("verifications.trade_iso_datetime: length 0 → 3", "milliseconds"),
    ("own_keys.key_identifier: length 256 → 600", "a retired key has its key id appended"),
    ("own_keys.private_key: length 256 → 1024", "it is sealed, with the name of the sealing key"),
    ("verifications.tx_hash: length 128 → 512", "some networks have long ones"),
    ("verifications: index idx_verifications_tx_hash_search (tx_hash_search) added", "lists by hash"),
    ("own_keys: index idx_own_keys_retired_at (retired_at) added", "forgetting what nobody needs any more"),
    (
        "commands: index idx_commands_dead (status, dropped_at, command_id) added",
        "what was given up, for operators",
    ),
    (
        "commands: index idx_commands_due (status, command_type, due_at) added",
        "what is due, without the many that are finished",
    ),
    (
        "commands: index idx_commands_group (group_key, command_type, command_id) added",
        "order within a group",
    ),
    ("commands: index idx_commands_lease (status, lease_until) added", "what nobody works on any more"),
    (
        "commands: index idx_commands_unpublished (status, published_at, due_at) added",
        "what the broker is to be given",
    ),
    (
        "chainalysis_kyt_results: index idx_address (address, created_at) added",
        "whether the same was asked just now",
    ),
    (
        "chainalysis_kyt_results: index idx_counterparty_vasp_id (counterparty_vasp_id, created_at) → \
         (counterparty_vasp_id, created_at, request_id)",
        "lists are in the order of time and request ids",
    ),
    (
        "chainalysis_kyt_results: index idx_created_at (created_at) → (created_at, request_id)",
        "lists are in the order of time and request ids",
    ),
    (
        "chainalysis_kyt_results: index idx_direction (direction, created_at) → (direction, created_at, \
         request_id)",
        "lists are in the order of time and request ids",
    ),
    ("chainalysis_kyt_results: index idx_due_at (due_at) added", "what is due"),
    (
        "chainalysis_kyt_results: index idx_status_created_at (status, created_at, request_id) added",
        "lists by status",
    ),
    (
        "chainalysis_kyt_results: index idx_verification_uuid (verification_uuid, created_at, request_id) added",
        "what was asked about a verification, and deleting it",
    ),
    (
        "chainalysis_sanction_results: index idx_counterparty_vasp_id (counterparty_vasp_id, created_at) → \
         (counterparty_vasp_id, created_at, request_id)",
        "lists are in the order of time and request ids",
    ),
    (
        "chainalysis_sanction_results: index idx_created_at (created_at) → (created_at, request_id)",
        "lists are in the order of time and request ids",
    ),
    (
        "chainalysis_sanction_results: index idx_status_created_at (status, created_at, request_id) added",
        "lists by status",
    ),
    (
        "chainalysis_sanction_results: index idx_verification_uuid (verification_uuid, created_at, request_id) \
         added",
        "what was asked about a verification, and deleting it",
    ),
    (
        "refinitiv_wco_results: index idx_counterparty_vasp_id (counterparty_vasp_id, created_at) → \
         (counterparty_vasp_id, created_at, request_id)",
        "lists are in the order of time and request ids",
    ),
    (
        "refinitiv_wco_results: index idx_created_at (created_at) → (created_at, request_id)",
        "lists are in the order of time and request ids",
    ),
    (
        "refinitiv_wco_results: index idx_direction (direction, created_at) → (direction, created_at, \
         request_id)",
        "lists are in the order of time and request ids",
    ),
    ("refinitiv_wco_results: index idx_due_at (due_at) added", "what is due"),
    (
        "refinitiv_wco_results: index idx_status_created_at (status, created_at, request_id) added",
        "lists by status",
    ),
    (
        "refinitiv_wco_results: index idx_verification_uuid (verification_uuid, created_at, request_id) added",
        "what was asked about a verification, and deleting it",
    ),
];

#[tokio::test]
async fn every_difference_from_the_published_tables_is_intended() {
    let remote = Remote::on(servers::mariadb).await;
    remote.migrate().await.unwrap();
    let ours: Vec<_> = TABLES.into_iter().map(|name| (name, our_table(&remote, name))).collect();
    assert_intended(&ours, &[DIFFERENCES]);
}

/// No two texts that differ in a byte are equal, in any table.
#[tokio::test]
async fn all_text_compares_byte_by_byte() {
    let remote = Remote::on(servers::mariadb).await;
    remote.migrate().await.unwrap();
    let collations = remote.query(
        "SELECT DISTINCT collation_name FROM information_schema.columns
         WHERE table_schema = DATABASE() AND collation_name IS NOT NULL AND table_name <> 'schema_steps'",
    );
    assert_eq!(collations.trim(), "utf8mb4_nopad_bin");
}

fn our_table(remote: &Remote, name: &str) -> Table {
    let columns = remote.query(&format!(
        "SELECT column_name, data_type, column_type, is_nullable, COALESCE(column_default, 'NULL'), extra,
           COALESCE(character_maximum_length, datetime_precision, 0)
         FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{name}'
         ORDER BY ordinal_position"
    ));
    let indexes = remote.query(&format!(
        "SELECT index_name, non_unique, GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', ')
         FROM information_schema.statistics
         WHERE table_schema = DATABASE() AND table_name = '{name}' AND index_name <> 'PRIMARY'
         GROUP BY index_name, non_unique"
    ));
    Table {
        columns: columns.lines().map(our_column).collect(),
        indexes: indexes.lines().map(our_index).collect(),
    }
}

fn our_column(line: &str) -> Column {
    let [name, data_type, column_type, nullable, default, extra, length] =
        line.split('\t').collect::<Vec<_>>()[..]
    else {
        panic!("{line}")
    };
    let mut kind = data_type.to_owned();
    if column_type.contains("unsigned") {
        kind.push_str(" unsigned");
    }
    if extra.contains("auto_increment") {
        kind.push_str(" AUTO_INCREMENT");
    }
    let values = column_type.strip_prefix("enum(").map_or("", |values| values.trim_end_matches(')'));
    let sized = ["varchar", "text", "datetime"].contains(&data_type);
    Column {
        name: name.to_owned(),
        kind,
        length: length.parse().ok().filter(|_| sized),
        required: nullable == "NO",
        default: (default != "NULL").then(|| default.trim_matches('\'').to_owned()),
        values: quoted(values),
    }
}

fn our_index(line: &str) -> Index {
    let [name, not_unique, columns] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
    let unique = if not_unique == "0" { "unique " } else { "" };
    Index { name: name.to_owned(), shape: format!("{unique}({columns})") }
}
