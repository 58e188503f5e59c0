//! How the tables of risk assessment differ from the published ones.

use super::Differences;

/// On all three databases.
pub(super) const COMMON: Differences = &[
    ("chainalysis_kyt_alerts.created_at: NULL → NOT NULL", "always given"),
    ("chainalysis_kyt_alerts.created_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
    ("chainalysis_kyt_alerts.updated_at: NULL → NOT NULL", "always given"),
    ("chainalysis_kyt_alerts.updated_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
    (
        "chainalysis_kyt_results.address: added",
        "the address as the verification has it; the vendor writes it in its own way",
    ),
    ("chainalysis_kyt_results.attempts: added", "how long to wait until the next look"),
    ("chainalysis_kyt_results.created_at: NULL → NOT NULL", "always given"),
    ("chainalysis_kyt_results.created_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
    (
        "chainalysis_kyt_results.due_at: added",
        "when it is worked on next: every delay is a row, never a sleep",
    ),
    (
        "chainalysis_kyt_results.failing_since: added",
        "for how long the vendor has given no answer, and when to give up",
    ),
    (
        "chainalysis_kyt_results.key_id: added",
        "which key was used, for the time in which one replaces another",
    ),
    ("chainalysis_kyt_results.late_checks: added", "alerts can come long after the result"),
    ("chainalysis_kyt_results.origin: added", "asked for by the backend, or automatic"),
    ("chainalysis_kyt_results.reason: added", "why it is ERROR"),
    ("chainalysis_kyt_results.registered_at: added", "when the vendor took it on: deadlines count from then"),
    (
        "chainalysis_kyt_results.shares_request: added",
        "the same question asked again soon costs no second call",
    ),
    ("chainalysis_kyt_results.traceparent: added", "continues the trace of its cause"),
    ("chainalysis_kyt_results.updated_at: NULL → NOT NULL", "always given"),
    ("chainalysis_kyt_results.updated_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
    (
        "chainalysis_kyt_results: index idx_status_last_checked_at (status, last_checked_at) left out",
        "served by the index of what is due",
    ),
    (
        "chainalysis_kyt_results: index idx_status_worker_id (status, worker_id, id) left out",
        "nobody asks by the worker",
    ),
    ("chainalysis_sanction_results.created_at: NULL → NOT NULL", "always given"),
    ("chainalysis_sanction_results.created_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
    (
        "chainalysis_sanction_results.key_id: added",
        "which key was used, for the time in which one replaces another",
    ),
    ("chainalysis_sanction_results.origin: added", "asked for by the backend, or automatic"),
    ("chainalysis_sanction_results.reason: added", "why it is ERROR"),
    (
        "chainalysis_sanction_results.shares_request: added",
        "the same question asked again soon costs no second call",
    ),
    ("chainalysis_sanction_results.updated_at: NULL → NOT NULL", "always given"),
    ("chainalysis_sanction_results.updated_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
    ("refinitiv_wco_results.attempts: added", "how long to wait until the next look"),
    ("refinitiv_wco_results.created_at: NULL → NOT NULL", "always given"),
    ("refinitiv_wco_results.created_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
    ("refinitiv_wco_results.due_at: added", "when it is worked on next: every delay is a row, never a sleep"),
    (
        "refinitiv_wco_results.failing_since: added",
        "for how long the vendor has given no answer, and when to give up",
    ),
    ("refinitiv_wco_results.key_id: added", "which key was used, for the time in which one replaces another"),
    ("refinitiv_wco_results.match_strength: added", "shown and filtered without opening the summary"),
    ("refinitiv_wco_results.origin: added", "asked for by the backend, or automatic"),
    ("refinitiv_wco_results.reason: added", "why it is ERROR"),
    ("refinitiv_wco_results.registered_at: added", "when the vendor took it on: deadlines count from then"),
    ("refinitiv_wco_results.total_matches: added", "shown without opening the summary"),
    ("refinitiv_wco_results.traceparent: added", "continues the trace of its cause"),
    ("refinitiv_wco_results.updated_at: NULL → NOT NULL", "always given"),
    ("refinitiv_wco_results.updated_at: default CURRENT_TIMESTAMP(3) → none", "given by the node"),
    (
        "refinitiv_wco_results: index idx_status_last_checked_at (status, last_checked_at) left out",
        "served by the index of what is due",
    ),
    (
        "refinitiv_wco_results: index idx_status_worker_id (status, worker_id, id) left out",
        "nobody asks by the worker",
    ),
];

/// On SQLite and PostgreSQL, where names of indexes are unique in a whole database, not in a table.
pub(super) const NAMED: Differences = &[
    (
        "chainalysis_kyt_alerts: index idx_alert_level → idx_kyt_alerts_alert_level",
        "names of indexes are unique in PostgreSQL and in SQLite",
    ),
    (
        "chainalysis_kyt_alerts: index idx_created_at → idx_kyt_alerts_created_at",
        "names of indexes are unique in PostgreSQL and in SQLite",
    ),
    (
        "chainalysis_kyt_alerts: index idx_external_id → idx_kyt_alerts_external_id",
        "names of indexes are unique in PostgreSQL and in SQLite",
    ),
    (
        "chainalysis_kyt_alerts: index uniq_alert_id → uniq_kyt_alerts_alert_id",
        "names of indexes are unique in PostgreSQL and in SQLite",
    ),
    (
        "chainalysis_kyt_results: index idx_counterparty_vasp_id (counterparty_vasp_id, created_at) left out",
        "another name, and a request id at the end",
    ),
    (
        "chainalysis_kyt_results: index idx_created_at (created_at) left out",
        "another name, and a request id at the end",
    ),
    (
        "chainalysis_kyt_results: index idx_direction (direction, created_at) left out",
        "another name, and a request id at the end",
    ),
    (
        "chainalysis_kyt_results: index idx_external_id → idx_kyt_external_id",
        "names of indexes are unique in PostgreSQL and in SQLite",
    ),
    (
        "chainalysis_kyt_results: index idx_kyt_address (address, created_at) added",
        "whether the same was asked just now",
    ),
    (
        "chainalysis_kyt_results: index idx_kyt_counterparty_vasp_id (counterparty_vasp_id, created_at, \
         request_id) added",
        "lists are in the order of time and request ids",
    ),
    (
        "chainalysis_kyt_results: index idx_kyt_created_at (created_at, request_id) added",
        "lists are in the order of time and request ids",
    ),
    (
        "chainalysis_kyt_results: index idx_kyt_direction (direction, created_at, request_id) added",
        "lists are in the order of time and request ids",
    ),
    (
        "chainalysis_kyt_results: index idx_kyt_status_created_at (status, created_at, request_id) added",
        "lists by status",
    ),
    (
        "chainalysis_kyt_results: index idx_kyt_verification_uuid (verification_uuid, created_at, request_id) \
         added",
        "what was asked about a verification, and deleting it",
    ),
    (
        "chainalysis_kyt_results: index uniq_request_id → uniq_kyt_request_id",
        "names of indexes are unique in PostgreSQL and in SQLite",
    ),
    (
        "chainalysis_sanction_results: index idx_address → idx_sanction_address",
        "names of indexes are unique in PostgreSQL and in SQLite",
    ),
    (
        "chainalysis_sanction_results: index idx_counterparty_vasp_id (counterparty_vasp_id, created_at) left \
         out",
        "another name, and a request id at the end",
    ),
    (
        "chainalysis_sanction_results: index idx_created_at (created_at) left out",
        "another name, and a request id at the end",
    ),
    (
        "chainalysis_sanction_results: index idx_sanction_counterparty_vasp_id (counterparty_vasp_id, created_at, \
         request_id) added",
        "lists are in the order of time and request ids",
    ),
    (
        "chainalysis_sanction_results: index idx_sanction_created_at (created_at, request_id) added",
        "lists are in the order of time and request ids",
    ),
    (
        "chainalysis_sanction_results: index idx_sanction_status_created_at (status, created_at, request_id) \
         added",
        "lists by status",
    ),
    (
        "chainalysis_sanction_results: index idx_sanction_verification_uuid (verification_uuid, created_at, \
         request_id) added",
        "what was asked about a verification, and deleting it",
    ),
    (
        "chainalysis_sanction_results: index uniq_request_id → uniq_sanction_request_id",
        "names of indexes are unique in PostgreSQL and in SQLite",
    ),
    (
        "refinitiv_wco_results: index idx_counterparty_vasp_id (counterparty_vasp_id, created_at) left out",
        "another name, and a request id at the end",
    ),
    (
        "refinitiv_wco_results: index idx_created_at (created_at) left out",
        "another name, and a request id at the end",
    ),
    (
        "refinitiv_wco_results: index idx_direction (direction, created_at) left out",
        "another name, and a request id at the end",
    ),
    (
        "refinitiv_wco_results: index idx_wco_counterparty_vasp_id (counterparty_vasp_id, created_at, request_id) \
         added",
        "lists are in the order of time and request ids",
    ),
    (
        "refinitiv_wco_results: index idx_wco_created_at (created_at, request_id) added",
        "lists are in the order of time and request ids",
    ),
    (
        "refinitiv_wco_results: index idx_wco_direction (direction, created_at, request_id) added",
        "lists are in the order of time and request ids",
    ),
    (
        "refinitiv_wco_results: index idx_wco_status_created_at (status, created_at, request_id) added",
        "lists by status",
    ),
    (
        "refinitiv_wco_results: index idx_wco_verification_uuid (verification_uuid, created_at, request_id) \
         added",
        "what was asked about a verification, and deleting it",
    ),
    (
        "refinitiv_wco_results: index uniq_request_id → uniq_wco_request_id",
        "names of indexes are unique in PostgreSQL and in SQLite",
    ),
];
