//! How servers carry out what is asked of the tables of risk assessment, with many that are finished: by an index, in its
//! order. They are copies, with values in place of marks, of what `waybill_store::tables` sends: this checks the indexes.

use waybill_testkit::servers::{Server, ServerKind};

use super::{Remote, over_both};

/// Twenty thousand requests, a second apart, of which a hundred are due.
const FILL: &str = "INSERT INTO chainalysis_kyt_results (request_id, verification_uuid, counterparty_vasp_id, api_type,
    user_id, direction, asset, amount, address, status, created_at, updated_at, origin, external_id, due_at)
  SELECT {text}, {text}, {row} % 10, 'TRANSFER', '7', CASE WHEN {row} % 2 = 0 THEN 'OUTGOING' ELSE 'INCOMING' END, 'ETH',
    '1', {text}, CASE WHEN {row} <= 100 THEN 'CHECKING' ELSE 'PROCESSED' END, {at}, {at}, 'API', {text},
    CASE WHEN {row} <= 100 THEN {at} END";

const FILL_ALERTS: &str = "INSERT INTO kyt_alert_sightings (external_id, alert_id) SELECT {text}, {text}";

/// What is asked, and the end of the name of the index that answers it.
const HOT: [(&str, &str); 7] = [
    (
        "SELECT * FROM chainalysis_kyt_results WHERE due_at <= '2026-06-01' ORDER BY due_at LIMIT 16 FOR UPDATE SKIP LOCKED",
        "due_at",
    ),
    (
        "SELECT * FROM chainalysis_kyt_results WHERE created_at <= '2026-01-01 05:00:00'
           AND (created_at < '2026-01-01 05:00:00' OR request_id < 'n9')
         ORDER BY created_at DESC, request_id DESC LIMIT 100",
        "created_at",
    ),
    (
        "SELECT * FROM chainalysis_kyt_results WHERE status = 'ERROR' AND COALESCE(direction, direction) = 'INCOMING'
         ORDER BY created_at DESC, request_id DESC LIMIT 100",
        "status_created_at",
    ),
    (
        "SELECT * FROM chainalysis_kyt_results WHERE counterparty_vasp_id = '7'
         ORDER BY created_at DESC, request_id DESC LIMIT 100",
        "counterparty_vasp_id",
    ),
    (
        "SELECT * FROM chainalysis_kyt_results WHERE verification_uuid = 'n7'
         ORDER BY created_at DESC, request_id DESC LIMIT 100",
        "verification_uuid",
    ),
    ("SELECT * FROM chainalysis_kyt_results WHERE address = 'n7' AND created_at >= '2026-01-01'", "address"),
    ("SELECT * FROM kyt_alert_sightings WHERE external_id = 'n7'", "uk_kyt_alert_sightings"),
];

over_both! { risk_assessments_are_found_by_an_index, }

async fn risk_assessments_are_found_by_an_index(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
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
            "ANALYZE TABLE chainalysis_kyt_results, kyt_alert_sightings",
        ),
    };
    for fill in [FILL, FILL_ALERTS] {
        let fill = fill.replace("{row}", row).replace("{text}", text).replace("{at}", at);
        remote.raw(&format!("{fill} {from}")).await.unwrap();
    }
    remote.raw(analyze).await.unwrap();
    for (statement, index) in HOT {
        let plan = remote.query(&format!("EXPLAIN {statement}"));
        let whole = plan.contains("Seq Scan") || plan.contains("\tALL\t");
        let sorted = plan.contains("filesort") || plan.contains("Sort  (");
        assert!(plan.contains(index) && !whole, "{statement}\n{plan}");
        assert!(!sorted || index == "verification_uuid", "{statement}\n{plan}");
    }
}
