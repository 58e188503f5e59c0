//! Transactions on a server.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use super::connector::{Connector, Use};
use super::pool::{Pool, Ticket};
use super::retry::Attempts;
use super::schema;
use crate::signals::CommandSignals;
use crate::sql::{Dialect, Trouble};
use crate::store::TxFuture;
use crate::{ServerOptions, StoreError, Tx};

#[derive(Clone)]
pub(crate) struct Server {
    pool: Pool,
    tasks: TaskTracker,
    signals: CommandSignals,
    patience: Duration,
}

/// What came of one attempt.
enum Attempt<T, E> {
    Committed(T),
    /// Nothing of it stays.
    Failed(E, Option<Trouble>),
}

impl Server {
    /// Fails unless the schema is the one that this program knows.
    pub(crate) async fn open(options: &ServerOptions, signals: CommandSignals) -> Result<Self, StoreError> {
        let connector = Connector::new(options)?;
        schema::check(&connector).await?;
        let patience = connector.patience();
        let pool = Pool::new(connector, options);
        Ok(Self { pool, tasks: TaskTracker::new(), signals, patience })
    }

    /// In a task of its own: what was asked for is done though nobody waits for it any more.
    pub(crate) async fn write<A, T, E, F>(&self, name: &'static str, args: A, work: F) -> Result<T, E>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, E> + Send + Sync + 'static,
    {
        if self.tasks.is_closed() {
            return Err(StoreError::Unavailable("closed").into());
        }
        let server = self.clone();
        let work = async move { server.write_until_done(name, &args, &work).await };
        self.tasks.spawn(work.in_current_span()).await.unwrap_or_else(|_| {
            tracing::error!(name, "a piece of work was dropped");
            Err(StoreError::Unavailable("closed").into())
        })
    }

    async fn write_until_done<A, T, E, F>(&self, name: &'static str, args: &A, work: &F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, E>,
    {
        let mut attempts = Attempts::default();
        let begun = Instant::now();
        loop {
            match self.attempt(args, work).await {
                Attempt::Committed(value) => return Ok(value),
                Attempt::Failed(error, trouble) => {
                    // Who waited for a lock as long as a statement may take does not get in line again.
                    let again = trouble.filter(|_| begun.elapsed() < self.patience);
                    let Some(wait) = attempts.next(again) else {
                        self.note_end(trouble);
                        return Err(error);
                    };
                    tracing::debug!(name, ?trouble, ?wait, "a transaction is run again");
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    async fn attempt<A, T, E, F>(&self, args: &A, work: &F) -> Attempt<T, E>
    where
        E: From<StoreError>,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, E>,
    {
        let (mut tx, ticket) = match self.acquire(Use::Write).await {
            Ok(acquired) => acquired,
            Err(error) => return Attempt::Failed(error.into(), None),
        };
        if let Err(error) = begin(&mut tx).await {
            ticket.lost();
            return Attempt::Failed(error.into(), tx.trouble());
        }
        // A panic is the fault of this work only: its connection must not be left in the middle of a transaction.
        let outcome = AssertUnwindSafe(async { work(&mut tx, args).await }).catch_unwind().await;
        match outcome {
            Ok(Ok(value)) => match swallowed_failure(&tx) {
                None => self.commit(tx, ticket, value).await,
                Some(error) => undo(tx, ticket, error.into()).await,
            },
            Ok(Err(error)) => undo(tx, ticket, error).await,
            Err(_) => {
                rollback(tx, ticket).await;
                Attempt::Failed(StoreError::Unavailable("the work panicked").into(), None)
            }
        }
    }

    async fn commit<T, E: From<StoreError>>(&self, mut tx: Tx, ticket: Ticket, value: T) -> Attempt<T, E> {
        let notes = tx.take_notes();
        match tx.control("COMMIT").await {
            Ok(()) => {
                self.pool.availability().is_there();
                ticket.give_back(tx.into_connection());
                self.signals.raise(notes);
                Attempt::Committed(value)
            }
            Err(error) => {
                // Whoever noted commands looks for them: they may be there.
                self.signals.raise(notes);
                match tx.trouble() {
                    // The server says that nothing of it stays.
                    Some(Trouble::Conflict) => undo(tx, ticket, error.into()).await,
                    // Not run again: it may be there.
                    _ => {
                        tracing::error!(%error, "whether a transaction was committed is not known");
                        ticket.lost();
                        Attempt::Failed(StoreError::Unavailable("no answer to the commit").into(), None)
                    }
                }
            }
        }
    }

    /// Reads need no transaction: each query sees what was committed before it.
    pub(crate) async fn read<A, T, E, F>(&self, args: &A, work: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, E>,
    {
        let mut attempts = Attempts::default();
        let begun = Instant::now();
        loop {
            let (mut tx, ticket) = self.acquire(Use::Read).await?;
            let outcome = work(&mut tx, args).await;
            let trouble = tx.trouble();
            if trouble < Some(Trouble::ConnectionLost) {
                ticket.give_back(tx.into_connection());
            } else {
                ticket.lost();
            }
            match outcome {
                Err(error) => {
                    let again = trouble.filter(|trouble| *trouble > Trouble::GuardLost);
                    let again = again.filter(|_| begun.elapsed() < self.patience);
                    let Some(wait) = attempts.next(again) else {
                        self.note_end(trouble);
                        return Err(error);
                    };
                    tokio::time::sleep(wait).await;
                }
                value => {
                    self.pool.availability().is_there();
                    return value;
                }
            }
        }
    }

    /// A piece of work is given up.
    fn note_end(&self, trouble: Option<Trouble>) {
        if trouble == Some(Trouble::ConnectionLost) {
            self.pool
                .availability()
                .is_lost(&StoreError::Unavailable("connections are lost again and again"));
        }
    }

    /// Whether the server was away when it was last needed.
    pub(crate) fn is_away(&self) -> bool {
        self.pool.availability().is_away()
    }

    async fn acquire(&self, purpose: Use) -> Result<(Tx, Ticket), StoreError> {
        let (connection, ticket) = self.pool.acquire(purpose).await?;
        Ok((Tx::with_patience(connection, self.patience).announcing(self.signals.announces()), ticket))
    }

    /// Waits for the work that was asked for, then closes the connections.
    pub(crate) async fn close(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.pool.close().await;
    }
}

/// MySQL begins with the first statement, because autocommit is off.
async fn begin(tx: &mut Tx) -> Result<(), StoreError> {
    match tx.dialect() {
        Dialect::Postgres => tx.control("BEGIN").await,
        _ => Ok(()),
    }
}

/// A statement failed and the work went on as if it had not. The server may have undone what came before, and
/// PostgreSQL would answer a commit with a rollback.
fn swallowed_failure(tx: &Tx) -> Option<StoreError> {
    let ended = tx.dialect() == Dialect::Postgres || tx.trouble() > Some(Trouble::GuardLost);
    tx.failed()
        .filter(|_| ended)
        .map(|name| StoreError::Refused { statement: name, code: "the transaction ended with it".to_owned() })
}

async fn undo<T, E>(tx: Tx, ticket: Ticket, error: E) -> Attempt<T, E> {
    let trouble = tx.trouble();
    rollback(tx, ticket).await;
    Attempt::Failed(error, trouble)
}

/// Undoes the transaction. A connection that cannot is closed, which undoes it as well.
async fn rollback(mut tx: Tx, ticket: Ticket) {
    if tx.trouble() < Some(Trouble::ConnectionLost) && tx.control("ROLLBACK").await.is_ok() {
        ticket.give_back(tx.into_connection());
    } else {
        ticket.lost();
    }
}
