//! The handle through which services reach the database.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::server::{Connector, Server};
use crate::signals::CommandSignals;
use crate::sqlite::{Readers, Writer};
use crate::tables::sizes::{self, Sizes};
use crate::{Announcer, StoreError, StoreOptions, Tx};

/// What a piece of work gives back: a boxed future that borrows the transaction and the arguments.
pub type TxFuture<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

/// A database that is open and has the current schema. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    backend: Backend,
    signals: CommandSignals,
}

#[derive(Clone)]
enum Backend {
    Sqlite { writer: Writer, readers: Readers },
    Server(Server),
}

impl Store {
    /// Opens the database. A file is brought to the current schema; on a server that is [`Store::migrate`]'s task.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when the database cannot be opened, is damaged, or has not the schema of this program;
    /// [`StoreError::Unavailable`] when the server does not answer.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let signals = CommandSignals::default();
        let backend = match options {
            StoreOptions::Sqlite { path, readers } => {
                crate::sqlite::prepare(path).await?;
                let writer = Writer::start(path, signals.clone()).await?;
                Backend::Sqlite { writer, readers: Readers::open(path, *readers).await? }
            }
            StoreOptions::Server(options) => Backend::Server(Server::open(options, signals.clone()).await?),
        };
        Ok(Self { backend, signals })
    }

    /// Brings the schema up to date and gives the names of the steps that were missing. Several may do so at once.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when a step fails, was edited since it was applied, or is unknown to this program.
    pub async fn migrate(options: &StoreOptions) -> Result<Vec<String>, StoreError> {
        match options {
            StoreOptions::Sqlite { path, .. } => crate::sqlite::prepare(path).await,
            StoreOptions::Server(options) => crate::server::migrate(&Connector::new(options)?).await,
        }
    }

    /// The names of the steps of the schema that the database lacks. Looks only, and may do so beside a running node.
    ///
    /// # Errors
    /// As [`Store::migrate`], and [`StoreError::Unavailable`] when the server does not answer.
    pub async fn missing_steps(options: &StoreOptions) -> Result<Vec<String>, StoreError> {
        match options {
            StoreOptions::Sqlite { path, .. } => crate::sqlite::missing(path).await,
            StoreOptions::Server(options) => crate::server::missing_steps(&Connector::new(options)?).await,
        }
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
        let begun = Instant::now();
        let outcome = match &self.backend {
            Backend::Sqlite { writer, .. } => writer.run(name, args, work).await,
            Backend::Server(server) => server.write(name, args, work).await,
        };
        waybill_metrics::database_worked("write", name, begun.elapsed(), outcome.is_err());
        outcome
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
        let begun = Instant::now();
        let outcome = match &self.backend {
            Backend::Sqlite { readers, .. } => match readers.acquire().await {
                Ok(mut reader) => work(&mut reader, &args).await,
                Err(error) => Err(error.into()),
            },
            Backend::Server(server) => server.read(&args, work).await,
        };
        waybill_metrics::database_worked("read", name, begun.elapsed(), outcome.is_err());
        if outcome.is_err() {
            tracing::debug!(name, "read failed");
        }
        outcome
    }

    /// Woken after each commit that may have made a command of this kind due.
    pub fn commands_due(&self, kind: &'static str) -> Arc<Notify> {
        self.signals.of(kind)
    }

    /// Woken after each commit that may have made a command of any kind due, but for those that were announced.
    pub fn any_command_due(&self) -> Arc<Notify> {
        self.signals.any()
    }

    /// Tells of new commands right after their commit. On a server only; the first announcer stays.
    pub fn announce_to(&self, announcer: Arc<dyn Announcer>) {
        self.signals.announce_to(announcer);
    }

    /// How much room the records take. Reads the whole file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sizes(&self) -> Result<Sizes, StoreError> {
        self.read("sizes::measure", (), |tx, ()| Box::pin(sizes::measure(tx))).await
    }

    /// Whether the server was away when it was last needed. The store has told so in the log, and tells when it is back:
    /// whoever fails meanwhile need not.
    pub fn is_away(&self) -> bool {
        match &self.backend {
            Backend::Sqlite { .. } => false,
            Backend::Server(server) => server.is_away(),
        }
    }

    /// Waits until nothing can be written any more: the task that writes a file is gone. On a server there is none, and
    /// this waits for ever.
    pub async fn broken(&self) {
        match &self.backend {
            Backend::Sqlite { writer, .. } => writer.gone().await,
            Backend::Server(_) => std::future::pending().await,
        }
    }

    /// Commits what was asked for so far and closes the database; of a file, after folding the write-ahead log into it.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Backend::Server(server) => server.close().await,
        }
    }
}
