//! What a process needs to do its work, and whether it has it.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use waybill_context::{Context, SharedContext};
use waybill_runtime::Shutdown;
use waybill_store::{StoreError, tables};

use crate::node::{Check, Waiting};

/// The database is asked once in so long, whoever asks us how often.
const KNOWN_FOR: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(2);

/// A process from its start to its end.
pub struct Status {
    shutdown: Shutdown,
    waiting: Waiting,
    /// Weak: the port outlives the node, which must be able to close its database.
    node: OnceLock<Weak<Context>>,
    database: Mutex<Option<(Instant, Result<(), String>)>>,
}

/// The outcome of every check.
pub struct Readiness {
    pub starting: bool,
    pub draining: bool,
    /// In order; the texts say what is wrong, and hold nothing secret.
    pub checks: Vec<(Check, Result<(), String>)>,
}

impl Readiness {
    pub fn is_ready(&self) -> bool {
        let fails = |(check, outcome): &(Check, Result<(), String>)| outcome.is_err() && is_needed(*check);
        !self.starting && !self.draining && !self.checks.iter().any(fails)
    }
}

/// Whether a process that lacks it should get no work. Without the broker requests are accepted and wait, and with an
/// old directory reports and answers go on: if all processes were taken out of service for these, everything would stand.
fn is_needed(check: Check) -> bool {
    match check {
        Check::Database | Check::Schema | Check::Keyring => true,
        Check::Directory | Check::Bus => false,
    }
}

impl Status {
    pub fn new(shutdown: Shutdown, waiting: Waiting) -> Self {
        Self { shutdown, waiting, node: OnceLock::new(), database: Mutex::default() }
    }

    pub fn set_node(&self, node: &SharedContext) {
        // A process has one node.
        let _second = self.node.set(Arc::downgrade(node));
    }

    /// The node, from when it is open until it is closed.
    pub fn node(&self) -> Option<SharedContext> {
        self.node.get()?.upgrade()
    }

    /// Whether new work may be sent here.
    pub async fn readiness(&self) -> Readiness {
        let draining = self.shutdown.is_requested();
        let node = self.node();
        let starting = node.is_none() && !draining;
        let checks = match node {
            // Nobody needs the answer any more, and the database may be closed already.
            _ if draining => Vec::new(),
            Some(node) => self.checks(&node).await,
            None => self.while_starting(),
        };
        Readiness { starting, draining, checks }
    }

    fn while_starting(&self) -> Vec<(Check, Result<(), String>)> {
        let (at, why) = self.waiting.get();
        let outcome = |check: Check| match check {
            earlier if earlier < at => Ok(()),
            now if now == at => Err(why.clone()),
            _ => Err("not looked at yet".to_owned()),
        };
        Check::ALL.into_iter().map(|check| (check, outcome(check))).collect()
    }

    async fn checks(&self, node: &SharedContext) -> Vec<(Check, Result<(), String>)> {
        let holds = |holds: bool, why: &str| if holds { Ok(()) } else { Err(why.to_owned()) };
        let expired = node.directory.current().is_expired(node.clock.now());
        let mut checks = Vec::with_capacity(Check::ALL.len());
        for check in Check::ALL {
            let outcome = match check {
                Check::Database => self.database(node).await,
                // Looked at once, at the start: a node never runs without them.
                Check::Schema | Check::Keyring => Ok(()),
                Check::Directory => holds(!expired, "it has expired: new verifications are refused"),
                Check::Bus => holds(node.bus.is_up(), "the broker is not reached"),
            };
            checks.push((check, outcome));
        }
        checks
    }

    /// Whether the database answers.
    pub async fn database(&self, node: &SharedContext) -> Result<(), String> {
        let mut known = self.database.lock().await;
        if let Some((at, outcome)) = &*known
            && at.elapsed() < KNOWN_FOR
        {
            return outcome.clone();
        }
        let ask = node.store.read("admin::ping", (), |tx, ()| Box::pin(tables::clock::now(tx)));
        let outcome = match timeout(PATIENCE, ask).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err::<_, StoreError>(error)) => Err(error.to_string()),
            Err(_) => Err("the database does not answer".to_owned()),
        };
        *known = Some((Instant::now(), outcome.clone()));
        outcome
    }
}
