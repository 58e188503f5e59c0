//! The connections of a store. Not sqlx's pool: that one asks the server for a sign of life whenever a connection is
//! given back, a round trip for each transaction.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::availability::Availability;
use super::connector::{Connector, Use};
use crate::sql::Connection;
use crate::{ServerOptions, StoreError};

/// A connection that was idle for longer is asked whether it is still there before it is used.
const TRUSTED: Duration = Duration::from_secs(1);
/// What stands between us and the server may have forgotten a connection without telling: it never answers.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);
/// A connection that was idle for longer is closed: what stands between us and the server may have forgotten it.
const KEPT_IDLE: Duration = Duration::from_secs(300);
/// A connection is replaced after this time, so that a server that came back gets its share again.
const LONGEST_LIFE: Duration = Duration::from_secs(1800);

#[derive(Clone)]
pub(super) struct Pool(Arc<Inner>);

struct Inner {
    connector: Connector,
    availability: Availability,
    /// One permit for each connection in use. A share of its own for each use: where they took connections from each
    /// other, a mixed load would open and close one for every piece of work, which costs more than the work.
    reading: Arc<Semaphore>,
    writing: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: Connection,
    purpose: Use,
    opened: Instant,
    since: Instant,
    /// Another connection was lost meanwhile: perhaps the server went away.
    doubted: bool,
}

impl Idle {
    fn is_trusted(&self) -> bool {
        self.since.elapsed() < TRUSTED && !self.doubted
    }

    /// Without making anybody wait. A connection that ends without a word is a warning in the log of MariaDB.
    fn dismiss(self) {
        tokio::spawn(self.close());
    }

    /// A server that does not answer does not keep us.
    async fn close(self) {
        if timeout(SIGN_OF_LIFE, self.connection.close()).await.is_err() {
            tracing::debug!("a connection did not close in time");
        }
    }

    fn is_old(&self) -> bool {
        self.since.elapsed() > KEPT_IDLE || self.opened.elapsed() > LONGEST_LIFE
    }
}

/// The right to one connection. When it is dropped without [`Ticket::give_back`], the connection it was for is closed.
pub(super) struct Ticket {
    pool: Pool,
    purpose: Use,
    opened: Instant,
    permit: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new(connector: Connector, options: &ServerOptions) -> Self {
        let (reading, writing) = shares(options.connections);
        Self(Arc::new(Inner {
            connector,
            availability: Availability::default(),
            reading: Arc::new(Semaphore::new(reading)),
            writing: Arc::new(Semaphore::new(writing)),
            idle: Mutex::new(Vec::with_capacity(reading + writing)),
        }))
    }

    pub(super) async fn acquire(&self, purpose: Use) -> Result<(Connection, Ticket), StoreError> {
        let deadline = self.0.connector.deadline();
        let permits = if purpose == Use::Read { &self.0.reading } else { &self.0.writing };
        let permit = timeout_at(deadline, Arc::clone(permits).acquire_owned()).await;
        let permit = permit.map_err(|_| StoreError::Unavailable("no free connection"))?;
        let permit = permit.map_err(|_| StoreError::Unavailable("closed"))?;
        while let Some(mut idle) = self.take_idle(purpose) {
            if idle.is_trusted() || self.gives_sign_of_life(&mut idle).await {
                let ticket = Ticket { pool: self.clone(), purpose, opened: idle.opened, permit };
                return Ok((idle.connection, ticket));
            }
        }
        let opened = self.0.connector.open(purpose, deadline).await;
        let connection = opened.inspect_err(|error| self.0.availability.is_lost(error))?;
        let ticket = Ticket { pool: self.clone(), purpose, opened: Instant::now(), permit };
        Ok((connection, ticket))
    }

    async fn gives_sign_of_life(&self, idle: &mut Idle) -> bool {
        match timeout(SIGN_OF_LIFE, idle.connection.ping()).await {
            Ok(answer) => answer.is_ok(),
            Err(_) => {
                // To wait for each of the others as long would take longer than anybody waits for us.
                self.idle().retain(Idle::is_trusted);
                false
            }
        }
    }

    /// Notes what the server last did, and tells operators when it comes or goes.
    pub(super) fn availability(&self) -> &Availability {
        &self.0.availability
    }

    /// The connection that was used last, so that those that are not needed grow old.
    fn take_idle(&self, purpose: Use) -> Option<Idle> {
        let mut idle = self.idle();
        idle.extract_if(.., |it| it.is_old()).for_each(Idle::dismiss);
        let last = idle.iter().rposition(|it| it.purpose == purpose)?;
        Some(idle.remove(last))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands no connection out any more and closes the idle ones.
    pub(super) async fn close(&self) {
        self.0.reading.close();
        self.0.writing.close();
        let idle = std::mem::take(&mut *self.idle());
        join_all(idle.into_iter().map(Idle::close)).await;
    }
}

/// How many connections read, and how many write: a quarter reads, because reading takes no commit.
fn shares(connections: u32) -> (usize, usize) {
    let connections = usize::try_from(connections).unwrap_or(usize::MAX).max(2);
    let reading = (connections / 4).max(1);
    (reading, connections - reading)
}

impl Ticket {
    /// For the next one: the connection must have no transaction open and no answer outstanding.
    pub(super) fn give_back(self, connection: Connection) {
        if !self.pool.0.writing.is_closed() {
            let (purpose, opened, since) = (self.purpose, self.opened, Instant::now());
            self.pool.idle().push(Idle { connection, purpose, opened, since, doubted: false });
        }
        drop(self.permit); // only now, so that whoever waits finds it
    }

    /// The connection is lost. The others are asked before they are used.
    pub(super) fn lost(self) {
        self.pool.idle().iter_mut().for_each(|idle| idle.doubted = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_uses_have_a_share_and_together_they_are_all() {
        for (connections, expected) in
            [(0, (1, 1)), (1, (1, 1)), (2, (1, 1)), (3, (1, 2)), (8, (2, 6)), (16, (4, 12))]
        {
            assert_eq!(shares(connections), expected, "{connections}");
        }
    }
}
