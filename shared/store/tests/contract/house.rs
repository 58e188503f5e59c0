//! A database of its own for each test.

use waybill_store::{Store, StoreError, Tx, TxFuture};

use crate::sqlite::File;

/// An opened store, and ways to the database that go round it. Gone when dropped.
pub struct House {
    pub store: Store,
    pub file: File,
}

impl House {
    /// Runs statements beside the store, as an operator could. What a driver says of a refusal is returned.
    pub async fn raw(&self, statements: &str) -> Result<u64, String> {
        self.file.raw(statements).await
    }

    /// Closes the store and opens the same database again, as after a restart.
    pub async fn reopened(self) -> Self {
        self.store.close().await;
        Self { store: self.file.open().await.unwrap(), file: self.file }
    }

    /// A second store over the same database.
    pub async fn second_store(&self) -> Store {
        self.file.open().await.unwrap()
    }

    pub async fn write<A, T, F>(&self, args: A, work: F) -> Result<T, StoreError>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, StoreError> + Send + Sync + 'static,
    {
        self.store.write("contract", args, work).await
    }

    pub async fn read<A, T, F>(&self, args: A, work: F) -> Result<T, StoreError>
    where
        A: Send + Sync + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, StoreError>,
    {
        self.store.read("contract", args, work).await
    }
}
