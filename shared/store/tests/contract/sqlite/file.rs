//! A SQLite file of a test's own.

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::TestFolder;

use crate::house::{House, Place};

/// Where the database is; removed with its last clone.
#[derive(Clone)]
pub struct File {
    folder: Arc<TestFolder>,
}

/// An empty database.
pub async fn house() -> House {
    let file = File::new();
    House { store: file.open().await.unwrap(), place: Place::File(file) }
}

impl File {
    pub fn new() -> Self {
        Self { folder: Arc::new(TestFolder::new()) }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.join("state/waybill.sqlite")
    }

    pub async fn open(&self) -> Result<Store, StoreError> {
        Store::open(&StoreOptions::Sqlite { path: self.path(), readers: 2 }).await
    }

    /// A connection beside the store's.
    pub async fn connection(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.path()).connect().await.unwrap()
    }

    pub async fn raw(&self, statements: &str) -> Result<u64, String> {
        let mut connection = self.connection().await;
        let done = sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await;
        connection.close().await.unwrap();
        done.map(|done| done.rows_affected()).map_err(|error| error.to_string())
    }
}
