//! The bus as services hold it.

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use waybill_domain::{Fault, SharedClock, SharedEntropy, codes};
use waybill_jobs::{Command, Request};
use waybill_store::tables::commands::{self, CommandLease, NewCommand};
use waybill_store::{Store, StoreError};

use crate::amqp::Broker;
use crate::embedded::Dispatcher;
use crate::lease_watch::watch_leases;
use crate::requests::LocalRequests;
use crate::runner::Runner;
use crate::shared::Shared;
use crate::{AmqpOptions, BusOptions, CommandHandler, CommandIds, RequestHandler};

/// The table `commands` with wake-ups within the process, or with a broker between processes. Cheap to clone.
#[derive(Clone)]
pub struct Bus(Arc<Parts>);

struct Parts {
    shared: Arc<Shared>,
    ids: CommandIds,
    requests: LocalRequests,
    broker: Option<Broker>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Bus {
    /// A bus within this process. Work starts with [`Bus::work`].
    pub fn embedded(store: Store, options: BusOptions, clock: SharedClock, entropy: SharedEntropy) -> Self {
        Self::over(Arc::new(Shared::new(store, options, clock, entropy)), None)
    }

    /// A bus over RabbitMQ, between processes that share a database. Starts to connect, and goes on trying: what is
    /// added meanwhile waits in the database.
    pub fn amqp(
        store: Store,
        options: BusOptions,
        broker: AmqpOptions,
        clock: SharedClock,
        entropy: SharedEntropy,
    ) -> Self {
        let shared = Arc::new(Shared::new(store, options, clock, entropy));
        let broker = Broker::start(Arc::clone(&shared), broker);
        Self::over(shared, Some(broker))
    }

    fn over(shared: Arc<Shared>, broker: Option<Broker>) -> Self {
        let ids = CommandIds::new(Arc::clone(&shared.clock), Arc::clone(&shared.entropy));
        Self(Arc::new(Parts {
            shared,
            ids,
            requests: LocalRequests::default(),
            broker,
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        }))
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
        waybill_metrics::command_kind(C::KIND);
        let runner = Runner::new::<C, H>(Arc::clone(&self.0.shared), handler);
        let (shared, stopping) = (Arc::clone(&self.0.shared), self.0.stopping.clone());
        match &self.0.broker {
            None => {
                let dispatcher = Dispatcher::new(shared, runner, C::KIND, concurrency);
                self.start(format!("dispatcher {}", C::KIND), dispatcher.run(stopping));
            }
            Some(broker) => {
                let consumer = broker.consumer(runner, C::KIND, concurrency);
                self.start(format!("consumer {}", C::KIND), consumer.run(stopping));
            }
        }
    }

    fn start(
        &self,
        name: impl Into<Cow<'static, str>> + 'static,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        self.0.tasks.spawn(self.0.shared.watched(name, &self.0.stopping, task));
    }

    /// Starts looking for commands whose worker is gone, and for what the broker gave up.
    pub fn watch_leases(&self) {
        let shared = Arc::clone(&self.0.shared);
        self.start("lease watch", watch_leases(shared, self.0.stopping.clone()));
        if let Some(broker) = &self.0.broker {
            self.start("dead letters", broker.dead_letters().run(self.0.stopping.clone()));
        }
    }

    /// Starts answering one kind of request, `concurrency` at a time.
    pub fn serve<Q: Request, H: RequestHandler<Q>>(&self, handler: H, concurrency: usize) {
        self.0.requests.serve(handler, concurrency);
        if let Some(broker) = &self.0.broker {
            let answerer = broker.answerer(self.0.requests.clone(), Q::KIND, concurrency);
            self.start(format!("answerer {}", Q::KIND), answerer.run(self.0.stopping.clone()));
        }
    }

    /// Asks a service: in this process when it is there, else over the broker. Dropped unanswered when the deadline
    /// passes.
    ///
    /// # Errors
    /// The service's refusal; `SERVICE-UNAVAILABLE` at once when nobody answers this kind; `REQUEST-TIMEOUT`.
    pub async fn ask<Q: Request>(&self, request: &Q, deadline: Duration) -> Result<Q::Answer, Fault> {
        let body = serde_json::to_vec(request).map_err(|_| codes::internal_error())?;
        let answer = match &self.0.broker {
            Some(broker) if !self.0.requests.has(Q::KIND) => broker.ask(Q::KIND, &body, deadline).await?,
            _ => tokio::time::timeout(deadline, self.0.requests.answer(Q::KIND, &body))
                .await
                .map_err(|_| codes::request_timeout())??,
        };
        serde_json::from_slice(&answer).map_err(|_| codes::internal_error())
    }

    /// Whether commands get through and services can be asked now; without a broker they always do.
    pub fn is_up(&self) -> bool {
        self.0.broker.as_ref().is_none_or(Broker::is_up)
    }

    /// Whether there is a broker between processes.
    pub fn has_broker(&self) -> bool {
        self.0.broker.is_some()
    }

    /// How many messages wait in the broker's queues of some kinds of commands; none of those that it does not tell.
    pub async fn queues(&self, kinds: &[&'static str]) -> Vec<(&'static str, u32)> {
        match &self.0.broker {
            Some(broker) => broker.queues(kinds).await,
            None => Vec::new(),
        }
    }

    /// Hands out nothing more, waits for the work in hand, and hands over to the broker what it added.
    pub async fn drain(&self) {
        self.0.stopping.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
        if let Some(broker) = &self.0.broker {
            broker.close().await;
        }
    }
}
