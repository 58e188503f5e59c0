//! What the parts of the bus have in common.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::Either;
use tokio_util::sync::CancellationToken;
use waybill_domain::{SharedClock, SharedEntropy};
use waybill_runtime::TaskGroup;
use waybill_store::{Store, StoreError};

/// How the bus hands out work.
#[derive(Debug, Clone)]
pub struct BusOptions {
    /// How long a worker may keep a command before it is handed out again. Longer than any single attempt.
    pub lease: Duration,
    /// The longest sleep of a dispatcher: how late a lost wake-up is noticed.
    pub idle_poll: Duration,
    /// How often expired leases are looked for.
    pub lease_check: Duration,
    /// A command whose workers were lost this often in a row, or panicked over it, is given up: it may be what kills
    /// them.
    pub most_lost: u32,
    /// How long a command waits after a worker panicked over it.
    pub after_panic: Duration,
    /// Where several processes share the database: the name of this one, letters and digits, the same after a restart.
    /// `None` where the process has the database to itself.
    pub worker: Option<String>,
    /// Who is told when a task of the bus dies. The bus waits for its tasks itself.
    pub tasks: Option<TaskGroup>,
}

impl Default for BusOptions {
    fn default() -> Self {
        let lease = Duration::from_secs(60);
        Self {
            lease,
            idle_poll: Duration::from_secs(5),
            lease_check: Duration::from_secs(1),
            most_lost: 5,
            after_panic: Duration::from_secs(30),
            worker: None,
            tasks: None,
        }
    }
}

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) options: BusOptions,
    pub(crate) clock: SharedClock,
    pub(crate) entropy: SharedEntropy,
    /// The kinds of commands that this process works on.
    kinds: Mutex<Vec<&'static str>>,
}

impl Shared {
    pub(crate) fn new(store: Store, options: BusOptions, clock: SharedClock, entropy: SharedEntropy) -> Self {
        Self { store, options, clock, entropy, kinds: Mutex::default() }
    }

    /// A task of the bus, watched over until `stopping`.
    pub(crate) fn watched(
        &self,
        name: impl Into<Cow<'static, str>> + 'static,
        stopping: &CancellationToken,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static {
        match &self.options.tasks {
            Some(tasks) => Either::Left(tasks.watch(name, stopping.clone(), task)),
            None => Either::Right(task),
        }
    }

    /// Notes that this process works on a kind of command.
    pub(crate) fn works_on(&self, kind: &'static str) {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner).push(kind);
    }

    /// Wakes every dispatcher of this process.
    pub(crate) fn wake_all(&self) {
        for kind in self.kinds.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            self.store.commands_due(kind).notify_one();
        }
        self.store.any_command_due().notify_one();
    }

    /// Logs what could not be done and is tried again every second; not while the server is away, which the store tells.
    pub(crate) fn tell(&self, error: &StoreError, kind: Option<&'static str>, what: &'static str) {
        if self.store.is_away() {
            tracing::debug!(kind, %error, "{what}");
        } else {
            tracing::error!(kind, %error, "{what}");
        }
    }

    /// A new token that proves a lease. It begins with the name of the process, where it has one.
    pub(crate) fn token(&self) -> String {
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes);
        let random: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}{random}", self.options.worker.as_deref().unwrap_or_default())
    }
}
