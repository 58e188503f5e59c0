//! The one task that writes. Work that waits while a commit is being flushed shares the next commit:
//! one flush for many requests, and never a lock conflict.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use sqlx::ConnectOptions as _;
use tokio::sync::{mpsc, oneshot};

use super::open::{connect_options, setup};
use crate::signals::CommandSignals;
use crate::sql::Connection;
use crate::store::TxFuture;
use crate::{StoreError, Tx};

/// Work that may wait for the writer before callers are held back.
const QUEUE: usize = 1024;
/// Work that shares one commit, at the most: bounds the wait of the first.
const GROUP: usize = 128;

#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
}

enum Message {
    Work(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// A piece of work that waits for its commit.
trait Job: Send {
    /// Runs the work; false when it failed or panicked and its changes must go.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool>;
    /// Gives the outcome to whoever waits for it.
    fn settle(self: Box<Self>, commit: Result<(), &'static str>);
}

struct TypedJob<A, T, E, F> {
    args: A,
    work: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<A, T, E, F> Job for TypedJob<A, T, E, F>
where
    A: Send + Sync,
    T: Send,
    E: From<StoreError> + Send,
    F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, E> + Send + Sync,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            // A panic is the fault of this work only: the writer goes on for everybody else.
            let work = AssertUnwindSafe(async { (self.work)(tx, &self.args).await });
            self.outcome = work.catch_unwind().await.ok();
            matches!(self.outcome, Some(Ok(_)))
        })
    }

    fn settle(self: Box<Self>, commit: Result<(), &'static str>) {
        let outcome = match (self.outcome, commit) {
            (_, Err(why)) => Err(StoreError::Unavailable(why).into()),
            (Some(outcome), Ok(())) => outcome,
            (None, Ok(())) => Err(StoreError::Unavailable("the work panicked").into()),
        };
        let _ = self.reply.send(outcome); // whoever asked may be gone; the work is done all the same
    }
}

impl Writer {
    pub(crate) async fn start(path: &Path, signals: CommandSignals) -> Result<Self, StoreError> {
        let connection = connect_options(path).connect().await.map_err(|error| setup(path, &error))?;
        let (queue, waiting) = mpsc::channel(QUEUE);
        let tx = Tx::new(Connection::SqliteWriter(connection));
        tokio::spawn(WriterTask { path: path.to_owned(), tx, waiting, signals, commits: 0, works: 0 }.run());
        Ok(Self { queue })
    }

    pub(crate) async fn run<A, T, E, F>(&self, name: &'static str, args: A, work: F) -> Result<T, E>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, E> + Send + Sync + 'static,
    {
        let (reply, outcome) = oneshot::channel();
        let job = Box::new(TypedJob { args, work, outcome: None, reply });
        if self.queue.send(Message::Work(job)).await.is_err() {
            return Err(StoreError::Unavailable("closed").into());
        }
        outcome.await.unwrap_or_else(|_| {
            tracing::error!(name, "the writer dropped a piece of work");
            Err(StoreError::Unavailable("closed").into())
        })
    }

    /// Waits until the task that writes has ended.
    pub(crate) async fn gone(&self) {
        self.queue.closed().await;
    }

    pub(crate) async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.queue.send(Message::Close(reply)).await.is_ok() {
            drop(closed.await);
        }
    }
}

struct WriterTask {
    path: PathBuf,
    tx: Tx,
    waiting: mpsc::Receiver<Message>,
    signals: CommandSignals,
    commits: u64,
    works: u64,
}

impl WriterTask {
    async fn run(mut self) {
        while let Some(message) = self.waiting.recv().await {
            let mut closing = None;
            match message {
                Message::Work(first) => closing = self.run_group(first).await,
                Message::Close(reply) => closing = Some(reply).or(closing),
            }
            if let Some(reply) = closing {
                self.waiting.close();
                let folded =
                    self.tx.execute("/* writer::close */ PRAGMA wal_checkpoint(TRUNCATE)", &[]).await;
                if folded.is_err() {
                    tracing::warn!("the write-ahead log could not be folded into the database file");
                }
                tracing::info!(commits = self.commits, works = self.works, "the database is closed");
                drop(self.tx);
                let _ = reply.send(()); // whoever asked for the close may be gone
                return;
            }
        }
    }

    /// Runs the first piece of work and all that waits behind it in one transaction.
    async fn run_group(&mut self, first: Box<dyn Job>) -> Option<oneshot::Sender<()>> {
        let mut closing = None;
        let mut group = vec![first];
        if !self.begin().await {
            settle_all(group, Err("a transaction could not be started"));
            return None;
        }
        let mut all_kept = group[0].run(&mut self.tx).await;
        while group.len() < GROUP
            && let Some(mut job) = self.next_waiting(&mut closing)
        {
            all_kept = all_kept && job.run(&mut self.tx).await; // after a failure it runs in the second round only
            group.push(job);
        }
        if all_kept {
            self.works += group.len() as u64;
            settle_all(group, self.commit().await);
        } else {
            self.rollback().await;
            self.run_in_savepoints(group).await;
        }
        closing
    }

    /// Work that waits; none once the close was asked for.
    fn next_waiting(&mut self, closing: &mut Option<oneshot::Sender<()>>) -> Option<Box<dyn Job>> {
        if closing.is_some() {
            return None;
        }
        match self.waiting.try_recv() {
            Ok(Message::Work(job)) => Some(job),
            Ok(Message::Close(reply)) => {
                *closing = Some(reply);
                None
            }
            Err(_) => None,
        }
    }

    /// After a failure in a group: once more, each in a savepoint of its own. A failure takes nobody with it, and the
    /// others still share one flush, so that nobody makes the writer slow by failing often.
    async fn run_in_savepoints(&mut self, mut group: Vec<Box<dyn Job>>) {
        if group.len() == 1 {
            return settle_all(group, Ok(())); // its failure is its outcome; nothing to repeat
        }
        if !self.begin().await {
            return settle_all(group, Err("a transaction could not be started"));
        }
        for job in &mut group {
            if !self.run_in_savepoint(job.as_mut()).await {
                self.rollback().await;
                return settle_all(group, Err("the transaction was lost"));
            }
        }
        self.works += group.len() as u64;
        settle_all(group, self.commit().await);
    }

    /// False when the whole transaction is gone: SQLite ends it by itself when, say, the disk is full.
    async fn run_in_savepoint(&mut self, job: &mut dyn Job) -> bool {
        let set = self.tx.execute("/* writer::set_savepoint */ SAVEPOINT work", &[]).await;
        let ended = self.tx.ended();
        let kept = set.is_ok() && job.run(&mut self.tx).await;
        if !kept {
            self.tx.forget_ended(ended);
        }
        let undone = kept || self.tx.execute("/* writer::undo */ ROLLBACK TO work", &[]).await.is_ok();
        undone && self.tx.execute("/* writer::release */ RELEASE work", &[]).await.is_ok()
    }

    /// Starts a transaction. A connection that cannot, because it is stuck in an old one or broken, is replaced.
    async fn begin(&mut self) -> bool {
        let Err(error) = self.try_begin().await else { return true };
        tracing::error!(%error, "a transaction could not be started; connecting anew");
        match connect_options(&self.path).connect().await {
            Ok(connection) => self.tx = Tx::new(Connection::SqliteWriter(connection)),
            Err(_) => return false,
        }
        self.try_begin().await.is_ok()
    }

    async fn try_begin(&mut self) -> Result<u64, StoreError> {
        self.tx.execute("/* writer::begin */ BEGIN IMMEDIATE", &[]).await
    }

    async fn commit(&mut self) -> Result<(), &'static str> {
        let notes = self.tx.take_notes();
        match self.tx.execute("/* writer::commit */ COMMIT", &[]).await {
            Ok(_) => {
                self.commits += 1;
                self.signals.raise(notes);
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "commit failed");
                self.rollback().await;
                Err("the commit failed")
            }
        }
    }

    async fn rollback(&mut self) {
        self.tx.take_notes();
        // Fails when SQLite has rolled back by itself; then there is nothing left to undo.
        if let Err(error) = self.tx.execute("/* writer::rollback */ ROLLBACK", &[]).await {
            tracing::debug!(%error, "nothing to roll back");
        }
    }
}

fn settle_all(group: Vec<Box<dyn Job>>, commit: Result<(), &'static str>) {
    for job in group {
        job.settle(commit);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use waybill_domain::{Clock as _, Timestamp};
    use waybill_testkit::{MockClock, TestFolder};

    use super::*;
    use crate::tables::facts;
    use crate::{Store, StoreOptions};

    async fn store(folder: &TestFolder) -> Store {
        let path = folder.path().join("test.sqlite");
        Store::open(&StoreOptions::Sqlite { path, readers: 1 }).await.unwrap()
    }

    async fn put(store: &Store, name: &'static str, panics: bool) -> Result<(), StoreError> {
        let args = (name, panics, MockClock::default().now());
        let written =
            store.write("test", args, |tx, (name, panics, at): &(&'static str, bool, Timestamp)| {
                Box::pin(async move {
                    facts::put(tx, name, "x", *at).await?;
                    assert!(!panics, "this work panics");
                    Ok(())
                })
            });
        tokio::time::timeout(Duration::from_secs(10), written).await.expect("the writer answers")
    }

    fn job(name: &'static str, fails: bool) -> (Box<dyn Job>, oneshot::Receiver<Result<(), StoreError>>) {
        fn work<'t>(tx: &'t mut Tx, (name, fails): &'t (&'static str, bool)) -> TxFuture<'t, (), StoreError> {
            Box::pin(async move {
                facts::put(tx, name, "x", MockClock::default().now()).await?;
                if *fails { Err(StoreError::GuardLost("test")) } else { Ok(()) }
            })
        }
        let (reply, outcome) = oneshot::channel();
        (Box::new(TypedJob { args: (name, fails), work, outcome: None, reply }), outcome)
    }

    #[tokio::test]
    async fn failures_cost_the_others_of_a_group_no_flush_of_their_own() {
        let folder = TestFolder::new();
        let store = store(&folder).await;
        let connection = connect_options(&folder.path().join("test.sqlite")).connect().await.unwrap();
        let (queue, waiting) = mpsc::channel(QUEUE);
        let tx = Tx::new(Connection::SqliteWriter(connection));
        let mut task = WriterTask {
            path: folder.path().join("test.sqlite"),
            tx,
            waiting,
            signals: CommandSignals::default(),
            commits: 0,
            works: 0,
        };

        let names = ["0", "1", "2", "3", "4", "5", "6", "7"];
        let (jobs, outcomes): (Vec<_>, Vec<_>) =
            names.iter().enumerate().map(|(at, name)| job(name, at % 3 == 2)).unzip();
        let mut jobs = jobs.into_iter();
        let first = jobs.next().unwrap();
        for job in jobs {
            assert!(queue.try_send(Message::Work(job)).is_ok());
        }
        assert!(task.run_group(first).await.is_none());
        for (at, outcome) in outcomes.into_iter().enumerate() {
            let fails = at % 3 == 2;
            assert_eq!(outcome.await.unwrap().is_err(), fails, "{at}");
            assert_eq!(is_there(&store, names[at]).await, !fails, "{at}");
        }
        assert!(
            task.commits <= 3,
            "one for each failure and its predecessors, not one each: {}",
            task.commits
        );
        store.close().await;
    }

    async fn is_there(store: &Store, name: &'static str) -> bool {
        let found: Result<_, StoreError> =
            store.read("test", name, |tx, name| Box::pin(facts::get(tx, name))).await;
        found.unwrap().is_some()
    }

    #[tokio::test]
    async fn work_that_panics_fails_alone() {
        let folder = TestFolder::new();
        let store = store(&folder).await;
        let (before, panicking, after) = tokio::join!(
            put(&store, "before", false),
            put(&store, "panics", true),
            put(&store, "after", false)
        );
        assert!(matches!(panicking, Err(StoreError::Unavailable(_))));
        assert!(before.is_ok() && after.is_ok());
        assert!(is_there(&store, "before").await && is_there(&store, "after").await);
        assert!(!is_there(&store, "panics").await, "nothing of it stays");
        put(&store, "later", false).await.unwrap();
        store.close().await;
    }
}
