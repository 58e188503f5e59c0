//! The bus as services hold it.

use std::sync::Arc;
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
use crate::shared::Shared;
use crate::{BusOptions, CommandHandler, CommandIds, RequestHandler};

/// The embedded bus: the table `commands` and wake-ups within the process. Cheap to clone.
#[derive(Clone)]
pub struct Bus(Arc<Parts>);

struct Parts {
    shared: Arc<Shared>,
    ids: CommandIds,
    requests: LocalRequests,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Bus {
    /// A bus over a store. Work starts with [`Bus::work`].
    pub fn embedded(store: Store, options: BusOptions, clock: SharedClock, entropy: SharedEntropy) -> Self {
        let ids = CommandIds::new(Arc::clone(&clock), Arc::clone(&entropy));
        let parts = Parts {
            shared: Arc::new(Shared::new(store, options, clock, entropy)),
            ids,
            requests: LocalRequests::default(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        };
        Self(Arc::new(parts))
    }

    /// A new command, to be added by the caller in the transaction of its cause.
    pub fn command<C: Command>(&self, body: &C) -> NewCommand {
        // Cannot fail: bodies are plain structs with string keys.
        let body = serde_json::to_string(body).unwrap_or_default();
        NewCommand::new(self.0.ids.next(), C::KIND, body, self.0.shared.clock.now())
    }

    /// A lease for a command that the caller starts on at once.
    pub fn lease(&self, length: Duration) -> CommandLease {
        CommandLease { token: self.0.shared.token(), length }
    }

    /// Takes over what an earlier run left that died or was cut off, without waiting for its leases to end; gives how
    /// many commands. Before this process starts to work. Where processes share the database, only what was held under
    /// the name of this one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_over(&self) -> Result<u64, StoreError> {
        let shared = &self.0.shared;
        let requeue =
            shared.store.write("commands::requeue_held", shared.options.worker.clone(), |tx, worker| {
                Box::pin(async move {
                    match worker {
                        Some(worker) => commands::requeue_held_by(tx, worker).await,
                        None => commands::requeue_held(tx).await,
                    }
                })
            });
        requeue.await
    }

    /// Starts handing commands of one kind to `handler`, `concurrency` at a time.
    pub fn work<C: Command, H: CommandHandler<C>>(&self, handler: H, concurrency: u32) {
        self.0.shared.works_on(C::KIND);
        let runner = Runner::new::<C, H>(Arc::clone(&self.0.shared), handler);
        let dispatcher = Dispatcher::new(Arc::clone(&self.0.shared), runner, C::KIND, concurrency);
        self.0.tasks.spawn(dispatcher.run(self.0.stopping.clone()));
    }

    /// Starts looking for commands whose worker is gone.
    pub fn watch_leases(&self) {
        let shared = Arc::clone(&self.0.shared);
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
