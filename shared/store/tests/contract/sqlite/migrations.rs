//! Opening a file: new, known, from another version, or not a database at all.

use sqlx::Row as _;
use waybill_store::tables::facts;
use waybill_store::{Store, StoreError, StoreOptions};

use super::file::File;
use crate::samples::at;

impl File {
    async fn migrations_applied(&self) -> Vec<(i64, String)> {
        let rows = sqlx::query(
            "SELECT version, CAST(installed_on AS TEXT) AS at FROM _sqlx_migrations ORDER BY version",
        )
        .fetch_all(&mut self.connection().await)
        .await
        .unwrap();
        rows.iter().map(|row| (row.get("version"), row.get("at"))).collect()
    }

    async fn setup_failure(&self) -> String {
        match self.open().await {
            Err(StoreError::Setup(why)) => why,
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("it was opened"),
        }
    }
}

#[tokio::test]
async fn opening_twice_migrates_once() {
    let file = File::new();
    let first = file.open().await.unwrap();
    let applied = file.migrations_applied().await;
    assert!(applied.iter().map(|(version, _)| *version).eq(1..=applied.len() as i64), "{applied:?}");
    let second = file.open().await.unwrap();
    assert_eq!(file.migrations_applied().await, applied);
    first.close().await;
    second.close().await;
    file.open().await.unwrap().close().await;
    assert_eq!(file.migrations_applied().await, applied);
}

#[tokio::test]
async fn migrating_names_what_was_missing() {
    let file = File::new();
    let options = StoreOptions::Sqlite { path: file.path(), readers: 1 };
    let names = Store::migrate(&options).await.unwrap();
    assert_eq!(names[..2], ["0001_enclave_tables", "0002_node_tables"]);
    assert!(Store::migrate(&options).await.unwrap().is_empty());
    assert_eq!(file.migrations_applied().await.len(), names.len());
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_refused() {
    let file = File::new();
    file.open().await.unwrap().close().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'of tomorrow', 1, x'00', 0)";
    file.raw(newer).await.unwrap();
    let why = file.setup_failure().await;
    assert!(why.contains("newer version of this program") && why.contains("9999"), "{why}");
    assert!(why.contains("waybill.sqlite"), "it says which file: {why}");
}

#[tokio::test]
async fn an_edited_migration_is_refused() {
    let file = File::new();
    file.open().await.unwrap().close().await;
    file.raw("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1").await.unwrap();
    let why = file.setup_failure().await;
    assert!(why.contains("migration 1") && why.contains("modified"), "{why}");
}

#[tokio::test]
async fn what_is_not_a_database_is_refused_and_left_alone() {
    let file = File::new();
    std::fs::create_dir_all(file.path().parent().unwrap()).unwrap();
    let letter = "Dear Sir or Madam, ".repeat(1000);
    std::fs::write(file.path(), &letter).unwrap();
    let why = file.setup_failure().await;
    assert!(why.contains("waybill.sqlite") && !why.contains("Madam"), "{why}");
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), letter);
}

/// As `kill -9` leaves it: nobody has folded the write-ahead log into the file.
#[tokio::test]
async fn a_file_that_was_never_closed_is_complete() {
    let (file, copy) = (File::new(), File::new());
    let store = file.open().await.unwrap();
    let put = store.write("test", (), |tx, ()| Box::pin(facts::put(tx, "name", "value", at(0))));
    put.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    std::fs::create_dir_all(copy.path().parent().unwrap()).unwrap();
    for suffix in ["", "-wal"] {
        let name = |file: &File| format!("{}{suffix}", file.path().display());
        std::fs::copy(name(&file), name(&copy)).unwrap();
    }
    store.close().await;
    let store = copy.open().await.unwrap();
    let got = store.read("test", (), |tx, ()| Box::pin(facts::get(tx, "name")));
    assert_eq!(got.await.unwrap_or_else(|error: StoreError| panic!("{error}")).as_deref(), Some("value"));
    store.close().await;
}
