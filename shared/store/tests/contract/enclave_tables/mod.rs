//! The eight tables that operators know from the enclave interface: every published column and enum value is there,
//! and every difference is on a list, one for each database, with its reason.

mod mysql;
mod postgres;
mod published;
mod screening;
mod sqlite;

use std::collections::BTreeSet;

const TABLES: [&str; 8] = [
    "verifications",
    "counter_party_keys",
    "own_keys",
    "commands",
    "chainalysis_sanction_results",
    "chainalysis_kyt_results",
    "chainalysis_kyt_alerts",
    "refinitiv_wco_results",
];

/// What was published → what we have, and why.
type Differences = &'static [(&'static str, &'static str)];

/// What all three databases have beyond the published tables.
const COMMON: Differences = &[
    ("commands.created_at: default CURRENT_TIMESTAMP → none", "given by the node"),
    ("counter_party_keys.created_at: default CURRENT_TIMESTAMP → none", "given by the node"),
    ("own_keys.created_at: default CURRENT_TIMESTAMP → none", "given by the node"),
    ("verifications.created_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
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
    ("counter_party_keys.expires_at: added", "until when a key may be used"),
    ("counter_party_keys.key_id: added", "the counterparty's name for its key"),
    (
        "counter_party_keys: index idx_counter_party_keys_expires_at (expires_at) added",
        "forgetting what has expired",
    ),
    ("own_keys.key_id: added", "the name under which counterparties use the key"),
    ("own_keys.retired_at: added", "a retired key still opens what was sealed to it"),
    ("own_keys: index public_key (public_key, private_key) left out", "private keys belong in no index"),
    (
        "own_keys: index idx_own_keys_created_at (type, created_at) added",
        "forgetting what nobody needs any more",
    ),
    ("own_keys: index uk_own_keys_key_id unique (key_id) added", "a sealed message names the key's id"),
    ("commands.attempts: added", "decides how long to wait, and when to give up"),
    ("commands.due_at: added", "every delay is a row, never a sleeping message"),
    ("commands.group_key: added", "what belongs to one verification"),
    ("commands.holds_until: added", "callbacks of one verification go out in order"),
    ("commands.last_error: added", "for operators"),
    ("commands.lease_token: added", "proves who works on it"),
    ("commands.lease_until: added", "when it is handed out again"),
    ("commands.published_at: added", "when it was given to the broker, or handed out, last"),
    ("commands.dropped_at: added", "when an operator put it away for good"),
    ("commands.redriven_at: added", "when an operator had it handed out again: its age counts from then"),
    ("commands.abandoned: added", "how often in a row its workers were lost: what kills them is given up"),
    ("commands.traceparent: added", "continues the trace of its cause"),
    (
        "commands: index status_fetched_at_created_at (status, fetched_at, created_at) left out",
        "served by idx_commands_lease",
    ),
    ("commands: index status_id (status, command_id) left out", "served by idx_commands_due"),
];

/// One table, in words that all dialects share.
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
    /// Characters of a text, decimals of a second; none where a database does not keep it.
    length: Option<u32>,
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

/// Fails unless the tables differ from the published ones as the lists say, and in nothing else.
fn assert_intended(ours: &[(&str, Table)], differences: &[Differences]) {
    let mut found = BTreeSet::new();
    for (name, ours) in ours {
        let published = published::table(name);
        assert!(published.columns.len() >= 6, "{name}: {published:?}");
        compare(name, &published, ours, &mut found);
    }
    let listed = || [COMMON, screening::COMMON].iter().chain(differences).copied().flatten();
    let listed_texts: BTreeSet<String> = listed().map(|(difference, _)| (*difference).to_owned()).collect();
    let unlisted: Vec<_> = found.difference(&listed_texts).collect();
    assert!(unlisted.is_empty(), "not on the list: {unlisted:#?}");
    let stale: Vec<_> = listed_texts.difference(&found).collect();
    assert!(stale.is_empty(), "on the list and not there: {stale:#?}");
    assert!(listed().all(|(_, reason)| !reason.is_empty()));
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
        } else if own.length.is_some() && own.length != column.length {
            let length =
                |column: &Column| column.length.map_or_else(|| "none".to_owned(), |it| it.to_string());
            found.insert(format!("{name}: length {} → {}", length(column), length(own)));
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

fn quoted(list: &str) -> Vec<String> {
    list.split(',')
        .map(|item| item.trim().trim_matches('\'').to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}
