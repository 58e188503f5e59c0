//! The handle through which services reach the database.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::signals::CommandSignals;
use crate::sqlite::{Readers, Writer};
use crate::tables::sizes::{self, Sizes};
use crate::{StoreError, Tx};

/// What a piece of work gives back: a boxed future that borrows the transaction and the arguments.
pub type TxFuture<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

/// Where the database is and how it is used.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// The SQLite file. Made when absent, with its folder.
    pub path: PathBuf,
    /// Number of connections that read beside the one that writes.
    pub readers: u32,
}

/// A database that is open and has the current schema. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writer: Writer,
    readers: Readers,
    signals: CommandSignals,
}

impl Store {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when the file cannot be opened, is damaged, or is newer than this program.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        crate::sqlite::prepare(&options.path).await?;
        let signals = CommandSignals::default();
        let writer = Writer::start(&options.path, signals.clone()).await?;
        let readers = Readers::open(&options.path, options.readers).await?;
        Ok(Self { writer, readers, signals })
    }

    /// Runs `work` in a transaction and returns after the commit is durable. When it returns an error,
    /// nothing of it stays.
    ///
    /// `name` is for logs and metrics. `work` may run more than once and gets its arguments by reference,
    /// so that it can.
    ///
    /// # Errors
    /// What `work` returns, or the failure to commit.
    pub async fn write<A, T, E, F>(&self, name: &'static str, args: A, work: F) -> Result<T, E>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, E> + Send + Sync + 'static,
    {
        self.writer.run(name, args, work).await
    }

    /// Runs `work` on a reading connection. It sees every commit that returned before.
    ///
    /// # Errors
    /// What `work` returns, or that no connection was free.
    pub async fn read<A, T, E, F>(&self, name: &'static str, args: A, work: F) -> Result<T, E>
    where
        A: Send + Sync + 'static,
        E: From<StoreError>,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, E>,
    {
        let mut tx = self.readers.acquire().await?;
        let outcome = work(&mut tx, &args).await;
        if outcome.is_err() {
            tracing::debug!(name, "read failed");
        }
        outcome
    }

    /// Woken after each commit that may have made a command of this kind due.
    pub fn commands_due(&self, kind: &'static str) -> Arc<Notify> {
        self.signals.of(kind)
    }

    /// How much room the records take. Reads the whole file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sizes(&self) -> Result<Sizes, StoreError> {
        self.read("sizes::measure", (), |tx, ()| Box::pin(sizes::measure(tx))).await
    }

    /// Commits what was asked for so far, folds the write-ahead log into the file and closes it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
