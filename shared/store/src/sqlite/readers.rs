//! The connections that read.

use std::path::Path;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::SqlitePoolOptions;

use super::open::{connect_options, setup};
use crate::sql::Connection;
use crate::{StoreError, Tx};

#[derive(Clone)]
pub(crate) struct Readers(SqlitePool);

impl Readers {
    pub(crate) async fn open(path: &Path, count: u32) -> Result<Self, StoreError> {
        let pool = SqlitePoolOptions::new()
            .max_connections(count.max(1))
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire(false) // a local file does not go away
            .connect_with(connect_options(path).read_only(true).create_if_missing(false))
            .await;
        pool.map(Self).map_err(|error| setup(path, &error))
    }

    pub(crate) async fn acquire(&self) -> Result<Tx, StoreError> {
        let connection = self.0.acquire().await;
        connection
            .map(|connection| Tx::new(Connection::SqliteReader(connection)))
            .map_err(|error| StoreError::from_driver("/* readers::acquire */", &error))
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}
