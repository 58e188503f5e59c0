//! The connections of a store. Not sqlx's pool: that one asks the server for a sign of life whenever a connection is
//! given back, a round trip for each transaction.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::connector::{Connector, Use, unopened};
use crate::sql::Connection;
use crate::{ServerOptions, StoreError};

/// A connection that was idle for longer is asked whether it is still there before it is used.
const TRUSTED: Duration = Duration::from_secs(1);
/// A connection that was idle for longer is closed: what stands between us and the server may have forgotten it.
const KEPT_IDLE: Duration = Duration::from_secs(300);
/// A connection is replaced after this time, so that a server that came back gets its share again.
const LONGEST_LIFE: Duration = Duration::from_secs(1800);

#[derive(Clone)]
pub(super) struct Pool(Arc<Inner>);

struct Inner {
    connector: Connector,
    acquire_timeout: Duration,
    connections: usize,
    /// One permit for each connection in use.
    permits: Arc<Semaphore>,
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

/// The right to one connection. When it is dropped without [`Ticket::give_back`], the connection it was for is closed.
pub(super) struct Ticket {
    pool: Pool,
    purpose: Use,
    opened: Instant,
    permit: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new(connector: Connector, options: &ServerOptions) -> Self {
        let connections = usize::try_from(options.connections.max(1)).unwrap_or(1);
        Self(Arc::new(Inner {
            connector,
            acquire_timeout: options.acquire_timeout,
            connections,
            permits: Arc::new(Semaphore::new(connections)),
            idle: Mutex::new(Vec::with_capacity(connections)),
        }))
    }

    pub(super) async fn acquire(&self, purpose: Use) -> Result<(Connection, Ticket), StoreError> {
        let acquired = timeout(self.0.acquire_timeout, self.acquire_in_time(purpose));
        acquired.await.unwrap_or(Err(StoreError::Unavailable("no free connection")))
    }

    async fn acquire_in_time(&self, purpose: Use) -> Result<(Connection, Ticket), StoreError> {
        let permit = Arc::clone(&self.0.permits).acquire_owned().await;
        let permit = permit.map_err(|_| StoreError::Unavailable("closed"))?;
        while let Some(mut idle) = self.take_idle(purpose) {
            let trusted = idle.since.elapsed() < TRUSTED && !idle.doubted;
            if trusted || idle.connection.ping().await.is_ok() {
                let ticket = Ticket { pool: self.clone(), purpose, opened: idle.opened, permit };
                return Ok((idle.connection, ticket));
            }
        }
        let connection = self.0.connector.open(purpose).await.map_err(|error| unopened(&error))?;
        let ticket = Ticket { pool: self.clone(), purpose, opened: Instant::now(), permit };
        Ok((connection, ticket))
    }

    /// The connection that was used last, so that those that are not needed grow old. When there is none, an idle
    /// connection of another use makes room for a new one.
    fn take_idle(&self, purpose: Use) -> Option<Idle> {
        let mut idle = self.idle();
        let old = |it: &Idle| it.since.elapsed() > KEPT_IDLE || it.opened.elapsed() > LONGEST_LIFE;
        idle.retain(|it| !old(it));
        if let Some(at) = idle.iter().rposition(|it| it.purpose == purpose) {
            return Some(idle.remove(at));
        }
        let in_use = self.0.connections.saturating_sub(self.0.permits.available_permits());
        if !idle.is_empty() && in_use + idle.len() > self.0.connections {
            idle.remove(0);
        }
        None
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands no connection out any more and closes the idle ones.
    pub(super) async fn close(&self) {
        self.0.permits.close();
        let idle = std::mem::take(&mut *self.idle());
        for it in idle {
            // A server that does not answer does not keep us.
            if timeout(TRUSTED, it.connection.close()).await.is_err() {
                tracing::debug!("a connection did not close in time");
            }
        }
    }
}

impl Ticket {
    /// For the next one: the connection must have no transaction open and no answer outstanding.
    pub(super) fn give_back(self, connection: Connection) {
        if !self.pool.0.permits.is_closed() {
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
