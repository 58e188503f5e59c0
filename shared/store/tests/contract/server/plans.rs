//! How servers carry the hot statements out: with many finished commands and verifications there, by an index.
//! They are copies, with values in place of marks, of what `waybill_store::tables` sends: this checks the indexes.

use waybill_testkit::servers;

use super::Remote;

const FILL_POSTGRES: &str = "
    INSERT INTO commands (command_id, command_type, command_body, status, created_at, due_at, finished_at)
      SELECT n, 'VERIFY', '{}', CASE WHEN n <= 100 THEN 'CREATED' ELSE 'DONE' END, now(), now(), now()
      FROM generate_series(1, 20000) AS n;
    INSERT INTO verifications (verification_uuid, result, tx_hash_search, originating_vasp_id, beneficiary_vasp_id,
        originator_account_number, beneficiary_account_number, created_at, key_type, payload_version,
        required_beneficiary_info, expires_at)
      SELECT 'u' || n, 'VERIFIED', 'h' || n, '1', '2', 'a' || n % 10, 'b' || n % 10,
        TIMESTAMP '2026-01-01 00:00:00' + n * INTERVAL '1 second', 'PerVasp', '1', '', now()
      FROM generate_series(1, 20000) AS n;
    ANALYZE commands; ANALYZE verifications";

const FILL_MARIADB: &str = "
    INSERT INTO commands (command_id, command_type, command_body, status, created_at, due_at, finished_at)
      SELECT seq, 'VERIFY', '{}', IF(seq <= 100, 'CREATED', 'DONE'), NOW(), '2026-01-01', NOW() FROM seq_1_to_20000;
    INSERT INTO verifications (verification_uuid, result, tx_hash_search, originating_vasp_id, beneficiary_vasp_id,
        originator_account_number, beneficiary_account_number, created_at, key_type, payload_version,
        required_beneficiary_info, expires_at)
      SELECT CONCAT('u', seq), 'VERIFIED', CONCAT('h', seq), 1, 2, CONCAT('a', seq % 10), CONCAT('b', seq % 10),
        TIMESTAMP '2026-01-01 00:00:00' + INTERVAL seq SECOND, 'PerVasp', '1', '', NOW()
      FROM seq_1_to_20000;
    ANALYZE TABLE commands, verifications";

/// What is asked, and the index that answers it.
const HOT: [(&str, &str); 5] = [
    (
        "SELECT * FROM commands AS c WHERE c.status = 'CREATED' AND c.command_type = 'VERIFY' AND c.due_at <= {now}
           AND NOT EXISTS (SELECT 1 FROM commands AS e WHERE e.group_key = c.group_key
             AND e.command_type = c.command_type AND e.command_id < c.command_id
             AND e.status IN ('CREATED', 'PROCESSING') AND e.holds_until > {now})
         ORDER BY c.due_at LIMIT 64 FOR UPDATE SKIP LOCKED",
        "idx_commands_due",
    ),
    (
        "SELECT due_at FROM commands WHERE status = 'CREATED' AND command_type = 'VERIFY' ORDER BY due_at LIMIT 1",
        "idx_commands_due",
    ),
    (
        "SELECT * FROM commands WHERE status = 'PROCESSING' AND lease_until < {now}",
        "idx_commands_lease",
    ),
    (
        "SELECT * FROM verifications WHERE tx_hash_search = 'h77' AND COALESCE(originating_vasp_id,
           originating_vasp_id) = '1' ORDER BY created_at DESC, verification_id DESC LIMIT 100",
        "idx_verifications_tx_hash_search",
    ),
    (
        "SELECT * FROM verifications WHERE created_at <= '2026-01-01 05:00:00'
           AND (created_at < '2026-01-01 05:00:00' OR verification_id < 9)
         ORDER BY created_at DESC, verification_id DESC LIMIT 100",
        "idx_verifications_created_at",
    ),
];

async fn hot_statements_use_their_index(remote: Remote, fill: &str, now: &str) {
    remote.migrate().await.unwrap();
    remote.raw(fill).await.unwrap();
    for (statement, index) in HOT {
        let plan = remote.query(&format!("EXPLAIN {}", statement.replace("{now}", now)));
        assert!(plan.contains(index), "{statement}\n{plan}");
        let sorted = plan.contains("filesort") || plan.contains("Sort  (");
        assert!(!sorted || index.contains("hash"), "{statement}\n{plan}");
    }
}

#[tokio::test]
async fn over_mariadb() {
    let remote = Remote::on(servers::mariadb).await;
    hot_statements_use_their_index(remote, FILL_MARIADB, "UTC_TIMESTAMP(3)").await;
}

#[tokio::test]
async fn over_postgres() {
    let remote = Remote::on(servers::postgres).await;
    let now = "date_trunc('milliseconds', statement_timestamp() AT TIME ZONE 'UTC')";
    hot_statements_use_their_index(remote, FILL_POSTGRES, now).await;
}
