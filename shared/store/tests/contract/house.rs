//! A database of its own for each test.

use waybill_store::{Store, StoreError, Tx, TxFuture};

use crate::server::Remote;
use crate::sqlite::File;

/// An opened store, and ways to the database that go round it. Gone when dropped.
pub struct House {
    pub store: Store,
    pub place: Place,
}

/// Where the database is; removed with its last clone.
#[derive(Clone)]
pub enum Place {
    File(File),
    Remote(Remote),
}

impl Place {
    pub async fn open(&self) -> Result<Store, StoreError> {
        match self {
            Self::File(file) => file.open().await,
            Self::Remote(remote) => remote.open().await,
        }
    }
}

impl House {
    /// Runs statements beside the store, as an operator could. What a driver says of a refusal is returned.
    pub async fn raw(&self, statements: &str) -> Result<u64, String> {
        match &self.place {
            Place::File(file) => file.raw(statements).await,
            Place::Remote(remote) => remote.raw(statements).await,
        }
    }

    /// Closes the store and opens the same database again, as after a restart.
    pub async fn reopened(self) -> Self {
        self.store.close().await;
        Self { store: self.place.open().await.unwrap(), place: self.place }
    }

    /// A second store over the same database.
    pub async fn second_store(&self) -> Store {
        self.place.open().await.unwrap()
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
