//! The bus as services hold it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use waybill_domain::{Fault, SharedClock, SharedEntropy};
use waybill_jobs::{Command, Request};
use waybill_store::tables::commands::{self, CommandLease, NewCommand};
use waybill_store::{Store, StoreError};

use crate::dispatcher::Dispatcher;
use crate::requests::LocalRequests;
use crate::runner::Runner;
use crate::{CommandHandler, CommandIds, RequestHandler};

/// How the bus hands out work.
#[derive(Debug, Clone)]
pub struct BusOptions {
    /// How long a worker may keep a command before it is handed out again. Longer than any single attempt.
    pub lease: Duration,
    /// The longest sleep of a dispatcher: how late a lost wake-up is noticed.
    pub idle_poll: Duration,
    /// How often expired leases are looked for.
    pub lease_check: Duration,
}

impl Default for BusOptions {
    fn default() -> Self {
        let lease = Duration::from_secs(60);
        Self { lease, idle_poll: Duration::from_secs(5), lease_check: Duration::from_secs(1) }
    }
}

/// The embedded bus: the table `commands` and wake-ups within the process. Cheap to clone.
#[derive(Clone)]
pub struct Bus(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) options: BusOptions,
    pub(crate) clock: SharedClock,
    pub(crate) entropy: SharedEntropy,
    ids: CommandIds,
    requests: LocalRequests,
    kinds: Mutex<Vec<&'static str>>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Bus {
    /// A bus over a store. Work starts with [`Bus::work`].
    pub fn embedded(store: Store, options: BusOptions, clock: SharedClock, entropy: SharedEntropy) -> Self {
        let ids = CommandIds::new(Arc::clone(&clock), Arc::clone(&entropy));
        let shared = Shared {
            store,
            options,
            clock,
            entropy,
            ids,
            requests: LocalRequests::default(),
            kinds: Mutex::default(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        };
        Self(Arc::new(shared))
    }

    /// A new command, to be added by the caller in the transaction of its cause.
    pub fn command<C: Command>(&self, body: &C) -> NewCommand {
        // Cannot fail: bodies are plain structs with string keys.
        let body = serde_json::to_string(body).unwrap_or_default();
        NewCommand::new(self.0.ids.next(), C::KIND, body, self.0.clock.now())
    }

    /// A lease for a command that the caller starts on at once.
    pub fn lease(&self, length: Duration) -> CommandLease {
        CommandLease { token: self.0.token(), length }
    }

    /// Takes over what a process left that died or was cut off, without waiting for its leases to end; gives how many
    /// commands. For a process that has the database to itself, before it starts to work.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_over(&self) -> Result<u64, StoreError> {
        let requeue =
            self.0.store.write("commands::requeue_held", (), |tx, ()| Box::pin(commands::requeue_held(tx)));
        requeue.await
    }

    /// Starts handing commands of one kind to `handler`, `concurrency` at a time.
    pub fn work<C: Command, H: CommandHandler<C>>(&self, handler: H, concurrency: u32) {
        self.0.kinds.lock().unwrap_or_else(PoisonError::into_inner).push(C::KIND);
        let runner = Runner::new::<C, H>(Arc::clone(&self.0), handler);
        let dispatcher = Dispatcher::new(Arc::clone(&self.0), runner, C::KIND, concurrency);
        self.0.tasks.spawn(dispatcher.run(self.0.stopping.clone()));
    }

    /// Starts looking for commands whose worker is gone.
    pub fn watch_leases(&self) {
        let shared = Arc::clone(&self.0);
        self.0.tasks.spawn(crate::dispatcher::watch_leases(shared, self.0.stopping.clone()));
    }

    /// Starts answering one kind of request, `concurrency` at a time.
    pub fn serve<Q: Request, H: RequestHandler<Q>>(&self, handler: H, concurrency: usize) {
        self.0.requests.serve(handler, concurrency);
    }

    /// Asks a service. Dropped unanswered when the deadline passes.
    ///
    /// # Errors
    /// The service's refusal; `SERVICE-UNAVAILABLE` at once when nobody answers this kind; `REQUEST-TIMEOUT`.
    pub async fn ask<Q: Request>(&self, request: &Q, deadline: Duration) -> Result<Q::Answer, Fault> {
        self.0.requests.ask(request, deadline).await
    }

    /// Hands out nothing more and waits for the work in hand.
    pub async fn drain(&self) {
        self.0.stopping.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

impl Shared {
    /// Wakes every dispatcher of this process.
    pub(crate) fn wake_all(&self) {
        for kind in self.kinds.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            self.store.commands_due(kind).notify_one();
        }
    }

    /// A new token that proves a lease.
    pub(crate) fn token(&self) -> String {
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
