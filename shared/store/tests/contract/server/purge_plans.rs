//! How servers carry out what is deleted by age, with many rows that are young enough to stay: by an index.
//! They are copies, with values in place of marks, of what `waybill_store::tables` sends: this checks the indexes.

use waybill_testkit::servers::{Server, ServerKind};

use super::{Remote, over_both};

/// Twenty thousand rows of each table, a second apart; `{row}` is their number, `{at}` their time.
const FILL: [&str; 9] = [
    "INSERT INTO verifications (verification_uuid, result, created_at, key_type, payload_version,
       required_beneficiary_info, expires_at) SELECT {text}, 'VERIFIED', {at}, 'PerVasp', '1', '', {at}",
    "INSERT INTO commands (command_id, command_type, command_body, status, group_key, created_at, due_at, finished_at)
       SELECT {row}, 'CALLBACK', '{}', CASE WHEN {row} % 100 = 0 THEN 'ERROR' ELSE 'DONE' END, {text}, {at}, {at}, {at}",
    "INSERT INTO callback_deliveries (command_id, verification_uuid, callback_type, attempt, attempted_at, outcome,
       took_ms) SELECT {row}, {text}, 'TX_REPORT', 1, {at}, 'DELIVERED', 1",
    "INSERT INTO received_messages (sender_vasp_id, message_id, digest, received_at)
       SELECT '7', {text}, 'd', {at}",
    "INSERT INTO idempotency_keys (scope, idempotency_key, request_digest, answer_status, answer_body, created_at)
       SELECT 's', {text}, 'd', 200, '{}', {at}",
    "INSERT INTO counter_party_keys (type, vasp_id, key_identifier, public_key, created_at, key_id, expires_at)
       SELECT 'PerAddress', '7', {text}, 'p', {at}, {text}, {at}",
    "INSERT INTO chainalysis_sanction_results (request_id, verification_uuid, counterparty_vasp_id, direction, address,
       status, created_at, updated_at, origin) SELECT {text}, {text}, '7', 'OUTGOING', {text}, 'NOHIT', {at}, {at}, 'API'",
    "INSERT INTO chainalysis_kyt_results (request_id, verification_uuid, counterparty_vasp_id, api_type, user_id, direction,
       asset, amount, address, status, created_at, updated_at, origin, external_id) SELECT {text}, {text}, '7', 'TRANSFER',
       '7', 'OUTGOING', 'ETH', '1', {text}, 'PROCESSED', {at}, {at}, 'API', {text}",
    "INSERT INTO refinitiv_wco_results (request_id, verification_uuid, counterparty_vasp_id, direction, case_system_id,
       status, created_at, updated_at, origin) SELECT {text}, {text}, '7', 'OUTGOING', '', 'PROCESSED', {at}, {at}, 'API'",
];

/// As many keys of ours as members ask for; a hundredth is retired.
const FILL_KEYS: &str = "INSERT INTO own_keys (type, key_identifier, public_key, private_key, created_at, key_id,
    retired_at) SELECT CASE WHEN {row} % 100 = 1 THEN 'PerVerification' ELSE 'PerAddress' END, {text}, 'p', 'k1.x', {at},
    {text}, CASE WHEN {row} % 100 = 0 THEN {at} END";

/// What is asked, and the index that answers it on PostgreSQL and on MariaDB. `{old}` is a time before nearly all.
const SELECTED: [(&str, [&str; 2]); 9] = [
    (
        "SELECT verification_id, verification_uuid, created_at FROM verifications
         WHERE created_at >= '1970-01-01' AND created_at < {old} AND (created_at > '1970-01-01' OR verification_id > 0)
         ORDER BY created_at, verification_id LIMIT 500",
        ["idx_verifications_created_at"; 2],
    ),
    (
        "DELETE FROM verifications WHERE verification_id = 7 AND created_at < {old} AND expires_at < {old}
           AND result <> 'WAIT' AND NOT EXISTS (SELECT 1 FROM commands AS c
             WHERE c.group_key = verifications.verification_uuid AND c.status IN ('CREATED', 'PROCESSING'))
           AND NOT EXISTS (SELECT 1 FROM chainalysis_kyt_results AS k
             WHERE k.verification_uuid = verifications.verification_uuid AND k.due_at IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM refinitiv_wco_results AS w
             WHERE w.verification_uuid = verifications.verification_uuid AND w.due_at IS NOT NULL)",
        ["idx_commands_group"; 2],
    ),
    (
        "DELETE FROM commands WHERE group_key = 'n7' AND status IN ('DONE', 'ERROR')",
        ["idx_commands_group"; 2],
    ),
    (
        "SELECT command_id FROM commands WHERE status = 'DONE' AND finished_at < {old}
         ORDER BY finished_at, command_id LIMIT 500 FOR UPDATE SKIP LOCKED",
        ["idx_commands_finished", "status_finished_at"],
    ),
    (
        "SELECT c.command_id FROM commands AS c WHERE c.status = 'ERROR' AND c.finished_at < {old} AND NOT EXISTS
           (SELECT 1 FROM verifications AS v WHERE v.verification_uuid = c.group_key)
         ORDER BY c.finished_at, c.command_id LIMIT 500 FOR UPDATE SKIP LOCKED",
        ["idx_commands_finished", "status_finished_at"],
    ),
    (
        "DELETE FROM callback_deliveries WHERE command_id IN (1, 2, 3)",
        ["idx_callback_deliveries_command"; 2],
    ),
    (
        "SELECT r.verification_uuid FROM chainalysis_kyt_results AS r WHERE r.created_at < {old} AND r.due_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM verifications AS v WHERE v.verification_uuid = r.verification_uuid)
         ORDER BY r.created_at, r.request_id LIMIT 500",
        ["idx_kyt_created_at", "idx_created_at"],
    ),
    (
        "DELETE FROM chainalysis_kyt_results WHERE verification_uuid = 'n7' AND due_at IS NULL",
        ["idx_kyt_verification_uuid", "idx_verification_uuid"],
    ),
    (
        "DELETE FROM chainalysis_sanction_results WHERE verification_uuid = 'n7'",
        ["idx_sanction_verification_uuid", "idx_verification_uuid"],
    ),
];

/// Table, primary key, which rows, and the index that finds them.
const LIMITED: [(&str, &str, &str, &str); 4] = [
    (
        "received_messages",
        "sender_vasp_id, message_id",
        "received_at < {old} ORDER BY received_at",
        "idx_received_messages_received_at",
    ),
    (
        "idempotency_keys",
        "scope, idempotency_key",
        "created_at < {old} ORDER BY created_at",
        "idx_idempotency_keys_created_at",
    ),
    (
        "counter_party_keys",
        "id",
        "expires_at < {old} ORDER BY expires_at",
        "idx_counter_party_keys_expires_at",
    ),
    (
        "own_keys",
        "id",
        "retired_at < {old} OR (type = 'PerVerification' AND created_at < {old})
           OR (type = 'PerAddress' AND created_at < {old})",
        "idx_own_keys_created_at",
    ),
];

const OLD: &str = "'2026-01-01 00:01:00'";

async fn filled(remote: &Remote) {
    remote.migrate().await.unwrap();
    let (row, text, at, from, analyze) = match remote.kind() {
        ServerKind::Postgres => (
            "n",
            "'n' || n",
            "TIMESTAMP '2026-01-01' + n * INTERVAL '1 second'",
            "FROM generate_series(1, 20000) AS n",
            "ANALYZE",
        ),
        ServerKind::MariaDb => (
            "seq",
            "CONCAT('n', seq)",
            "TIMESTAMP '2026-01-01 00:00:00' + INTERVAL seq SECOND",
            "FROM seq_1_to_20000",
            "ANALYZE TABLE verifications, commands, callback_deliveries, received_messages, idempotency_keys,
               counter_party_keys, own_keys, chainalysis_sanction_results, chainalysis_kyt_results,
               refinitiv_wco_results",
        ),
    };
    for fill in FILL.into_iter().chain([FILL_KEYS]) {
        let fill = fill.replace("{row}", row).replace("{text}", text).replace("{at}", at);
        remote.raw(&format!("{fill} {from}")).await.unwrap();
    }
    remote.raw(analyze).await.unwrap();
}

fn by_index(remote: &Remote, statement: &str, index: &str) {
    let statement = statement.replace("{old}", OLD);
    let plan = remote.query(&format!("EXPLAIN {statement}"));
    let whole = plan.contains("Seq Scan") || plan.contains("\tALL\t");
    assert!(plan.contains(index) && !whole, "{statement}\n{plan}");
}

over_both! { what_is_deleted_by_age_is_found_by_an_index, }

async fn what_is_deleted_by_age_is_found_by_an_index(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    filled(&remote).await;
    let is_postgres = remote.kind() == ServerKind::Postgres;
    for (statement, [postgres, mariadb]) in SELECTED {
        by_index(&remote, statement, if is_postgres { postgres } else { mariadb });
    }
    for (table, key, condition, index) in LIMITED {
        let statement = if is_postgres {
            format!(
                "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {condition} LIMIT 500)"
            )
        } else {
            format!("DELETE FROM {table} WHERE {condition} LIMIT 500")
        };
        by_index(&remote, &statement, index);
    }
}
