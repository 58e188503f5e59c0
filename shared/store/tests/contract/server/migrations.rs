//! The schema on a server: made once however many try, resumed where it stopped, checked at every start.

use futures_util::future::join_all;
use waybill_store::StoreError;
use waybill_testkit::servers::{self, Server};

use super::{Remote, over_both};

over_both! {
    several_at_once_make_the_schema_once,
    a_database_without_schema_is_refused,
    a_schema_of_tomorrow_is_refused,
    another_schema_is_refused,
    what_stands_in_the_way_is_named_and_the_rest_follows_later,
    a_database_that_is_not_there_is_named,
}

impl Remote {
    async fn refusal(&self) -> String {
        match self.open().await {
            Err(StoreError::Setup(why) | StoreError::SchemaBehind(why)) => why,
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("it was opened"),
        }
    }

    async fn failed_migration(&self) -> String {
        match self.migrate().await {
            Err(StoreError::Setup(why)) => why,
            other => panic!("{other:?}"),
        }
    }
}

async fn several_at_once_make_the_schema_once(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    let made = join_all((0..5).map(|_| remote.migrate())).await;
    let mut made: Vec<Vec<String>> = made.into_iter().map(Result::unwrap).collect();
    made.sort_by_key(Vec::len);
    assert!(made[..4].iter().all(Vec::is_empty), "{made:?}");
    assert_eq!(made[4][0], "0001_enclave_tables");
    assert_eq!(remote.migrate().await.unwrap(), Vec::<String>::new());
    remote.open().await.unwrap().close().await;
}

async fn a_database_without_schema_is_refused(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    let why = remote.refusal().await;
    assert!(why.contains("0001_enclave_tables") && why.contains("`waybill migrate`"), "{why}");
    remote.migrate().await.unwrap();
    remote.raw("DELETE FROM schema_steps WHERE version > 1").await.unwrap();
    let why = remote.refusal().await;
    assert!(why.contains("from 0002_node_tables on"), "{why}");
}

async fn a_schema_of_tomorrow_is_refused(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    let newer = "INSERT INTO schema_steps (version, name, checksum, statements_done, started_at, finished_at)
                 VALUES (9999, '9999_tomorrow', '00', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)";
    remote.raw(newer).await.unwrap();
    for why in [remote.refusal().await, remote.failed_migration().await] {
        assert!(why.contains("newer version of this program") && why.contains("9999_tomorrow"), "{why}");
    }
}

async fn another_schema_is_refused(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.migrate().await.unwrap();
    remote.raw("UPDATE schema_steps SET checksum = '00' WHERE version = 2").await.unwrap();
    for why in [remote.refusal().await, remote.failed_migration().await] {
        assert!(why.contains("0002_node_tables") && why.contains("is not the one"), "{why}");
    }
}

async fn what_stands_in_the_way_is_named_and_the_rest_follows_later(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    remote.raw("CREATE TABLE node_facts (of_somebody_else INTEGER)").await.unwrap();
    let why = remote.failed_migration().await;
    assert!(why.contains("0002_node_tables") && why.contains("node_facts"), "{why}");
    remote.raw("DROP TABLE node_facts").await.unwrap();
    let names = remote.migrate().await.unwrap();
    assert_eq!(names[0], "0002_node_tables", "the first step stays done");
    remote.open().await.unwrap().close().await;
}

async fn a_database_that_is_not_there_is_named(server: fn() -> &'static Server) {
    let remote = Remote::on(server).await;
    let name = remote.url().rsplit('/').next().unwrap().to_owned();
    let elsewhere = remote.at(&remote.url().replace(&format!("/{name}"), &format!("/{name}_not_there")));
    let why = match elsewhere.open().await {
        Err(error) => error.to_string(),
        Ok(_) => panic!("it was opened"),
    };
    let password = remote.url().split(['@', ':']).nth(2).unwrap();
    assert!(why.contains("_not_there") && !why.contains(password), "{why}");
}

/// MySQL commits each change of the schema by itself. A step that was cut off goes on with the next statement, and takes
/// it well when the one that was under way turns out to be done.
#[tokio::test]
async fn a_step_that_was_cut_off_goes_on_where_it_stopped() {
    let remote = Remote::on(servers::mariadb).await;
    remote.migrate().await.unwrap();
    let cut_off = async |done: u32| {
        let record =
            format!("UPDATE schema_steps SET finished_at = NULL, statements_done = {done} WHERE version = 3");
        remote.raw(&record).await.unwrap();
    };
    // The last statement was done, and not recorded.
    cut_off(2).await;
    assert!(remote.refusal().await.contains("0003_clearing_away"));
    assert_eq!(remote.migrate().await.unwrap(), ["0003_clearing_away"]);
    // It was not done.
    remote.raw("DROP INDEX idx_counter_party_keys_expires_at ON counter_party_keys").await.unwrap();
    cut_off(2).await;
    remote.migrate().await.unwrap();
    let index = "SELECT COUNT(*) FROM information_schema.statistics
                 WHERE table_schema = DATABASE() AND index_name = 'idx_counter_party_keys_expires_at'";
    assert_eq!(remote.query(index).trim(), "1");
    // All was done, but not the last record.
    cut_off(3).await;
    remote.migrate().await.unwrap();
    // Only the one that was under way is in doubt: more that is there already is somebody else's.
    cut_off(1).await;
    let why = remote.failed_migration().await;
    assert!(why.contains("0003_clearing_away, statement 3"), "{why}");
}
