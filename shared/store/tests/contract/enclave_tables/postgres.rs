//! Over PostgreSQL.

use waybill_testkit::servers;

use super::{Column, Differences, Index, TABLES, Table, assert_intended, quoted, screening};
use crate::server::Remote;

const DIFFERENCES: Differences = &[
    ("bigint unsigned AUTO_INCREMENT → bigint IDENTITY", "row numbers stay below 2^63"),
    ("bigint unsigned → bigint", "command ids have 63 bits"),
    ("bigint unsigned → text", "VASP ids use all 64 bits and PostgreSQL's integers are signed"),
    ("datetime → timestamp without time zone", "the same, UTC, with milliseconds"),
    ("enum → text", "with a CHECK for the same values"),
    ("int → integer", "the same"),
    ("tinyint → boolean", "the same"),
    ("varchar → text", "sealed: free text of backends and summaries of World-Check name people"),
    ("own_keys.key_identifier: length 256 → 600", "a retired key has its key id appended"),
    ("own_keys.private_key: length 256 → 1024", "it is sealed, with the name of the sealing key"),
    ("verifications.tx_hash: length 128 → 512", "some networks have long ones"),
    ("verifications.is_exceeding_threshold: default 1 → true", "the same"),
    (
        "verifications: index idx_verifications_tx_hash_search (tx_hash_search) WHERE (tx_hash_search IS NOT NULL) \
         added",
        "lists by hash",
    ),
    (
        "counter_party_keys: index key_uniqueness → uk_counter_party_keys",
        "names of indexes are unique in PostgreSQL",
    ),
    ("own_keys: index key_uniqueness → uk_own_keys", "names of indexes are unique in PostgreSQL"),
    (
        "own_keys: index idx_own_keys_retired_at (retired_at) WHERE (retired_at IS NOT NULL) added",
        "forgetting what nobody needs any more",
    ),
    (
        "commands: index idx_commands_dead (command_id) WHERE ((status = 'ERROR'::text) AND (dropped_at IS NULL)) added",
        "what was given up, for operators",
    ),
    (
        "commands: index idx_commands_due (command_type, due_at) WHERE (status = 'CREATED'::text) added",
        "what is due, without the many that are finished",
    ),
    (
        "commands: index idx_commands_finished (finished_at) WHERE (finished_at IS NOT NULL) added",
        "forgetting what was done long ago",
    ),
    (
        "commands: index idx_commands_group (group_key, command_type, command_id) WHERE (group_key IS NOT NULL) added",
        "order within a group",
    ),
    (
        "commands: index idx_commands_lease (lease_until) WHERE (status = 'PROCESSING'::text) added",
        "what nobody works on any more",
    ),
    (
        "commands: index idx_commands_unpublished (due_at) WHERE ((status = 'CREATED'::text) AND (published_at IS NULL)) added",
        "what the broker is to be given",
    ),
    ("commands: index status_finished_at (status, finished_at) left out", "served by idx_commands_finished"),
    (
        "chainalysis_kyt_results: index idx_kyt_due_at (due_at) WHERE (due_at IS NOT NULL) added",
        "what is due",
    ),
    ("refinitiv_wco_results: index idx_wco_due_at (due_at) WHERE (due_at IS NOT NULL) added", "what is due"),
];

#[tokio::test]
async fn every_difference_from_the_published_tables_is_intended() {
    let remote = Remote::on(servers::postgres).await;
    remote.migrate().await.unwrap();
    let ours: Vec<_> = TABLES.into_iter().map(|name| (name, our_table(&remote, name))).collect();
    assert_intended(&ours, &[DIFFERENCES, screening::NAMED]);
}

fn our_table(remote: &Remote, name: &str) -> Table {
    let columns = remote.query(&format!(
        "SELECT c.column_name, c.data_type, c.is_nullable, COALESCE(c.column_default, 'NULL'), c.is_identity,
           COALESCE(c.character_maximum_length, 0),
           COALESCE((SELECT pg_get_constraintdef(k.oid) FROM pg_constraint AS k
             WHERE k.conrelid = c.table_name::regclass AND k.contype = 'c'
               AND k.conname = c.table_name || '_' || c.column_name || '_check'), '')
         FROM information_schema.columns AS c WHERE c.table_schema = current_schema() AND c.table_name = '{name}'
         ORDER BY c.ordinal_position"
    ));
    let indexes = remote.query(&format!(
        "SELECT indexname, indexdef FROM pg_indexes
         WHERE schemaname = current_schema() AND tablename = '{name}' AND indexname <> tablename || '_pkey'"
    ));
    Table {
        columns: columns.lines().map(our_column).collect(),
        indexes: indexes.lines().map(our_index).collect(),
    }
}

fn our_column(line: &str) -> Column {
    let [name, data_type, nullable, default, identity, length, check] =
        line.split('\t').collect::<Vec<_>>()[..]
    else {
        panic!("{line}")
    };
    let mut kind = data_type.replace("character varying", "varchar");
    if identity == "YES" {
        kind.push_str(" IDENTITY");
    }
    // CHECK ((result = ANY (ARRAY['WAIT'::text, …])))
    let values = check.split_once('[').map_or("", |(_, rest)| rest.split(']').next().unwrap_or_default());
    let default = default.split("::").next().unwrap_or_default().trim_matches('\'');
    Column {
        name: name.to_owned(),
        length: length.parse().ok().filter(|_| kind == "varchar"),
        kind,
        required: nullable == "NO",
        default: (default != "NULL").then(|| default.to_owned()),
        values: quoted(&values.replace("::text", "")),
    }
}

/// From `CREATE UNIQUE INDEX name ON schema.table USING btree (columns) WHERE (condition)`.
fn our_index(line: &str) -> Index {
    let (name, definition) = line.split_once('\t').unwrap();
    let unique = if definition.starts_with("CREATE UNIQUE") { "unique " } else { "" };
    let (_, shape) = definition.split_once(" USING btree ").unwrap();
    Index { name: name.to_owned(), shape: format!("{unique}{shape}") }
}
