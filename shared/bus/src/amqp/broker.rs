//! What a process has of the broker: its two connections and what runs on them.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use waybill_domain::Fault;

use super::AmqpOptions;
use super::answerer::Answerer;
use super::asker::Asker;
use super::consumer::Consumer;
use super::dead::DeadLetters;
use super::link::Link;
use super::publisher::Publisher;
use super::relay::Relay;
use super::topology;
use crate::requests::LocalRequests;
use crate::runner::Runner;
use crate::shared::Shared;

/// Ends in the order in which the parts need each other: first those who take, then those who publish, then the
/// connections.
pub(crate) struct Broker {
    shared: Arc<Shared>,
    options: AmqpOptions,
    publishing: Link,
    consuming: Link,
    asker: Arc<Asker>,
    relay: Arc<Relay>,
    relay_stopping: CancellationToken,
    relaying: TaskTracker,
    publisher_stopping: CancellationToken,
    publisher: TaskTracker,
    links_stopping: CancellationToken,
    links: TaskTracker,
}

impl Broker {
    /// Starts to connect; everything waits until the broker answers.
    pub(crate) fn start(shared: Arc<Shared>, options: AmqpOptions) -> Self {
        let (links_stopping, links) = (CancellationToken::new(), TaskTracker::new());
        let link = |purpose| {
            let (link, work) =
                Link::new(options.clone(), purpose, Arc::clone(&shared.entropy), links_stopping.clone());
            links.spawn(shared.watched(format!("link for {purpose}"), &links_stopping, work));
            link
        };
        let (publishing, consuming) = (link("publishing"), link("consuming"));

        let (publisher_stopping, publishing_tasks) = (CancellationToken::new(), TaskTracker::new());
        let (publisher, work) =
            Publisher::new(options.clone(), publishing.clone(), publisher_stopping.clone());
        publishing_tasks.spawn(shared.watched("publisher", &publisher_stopping, work));
        shared.store.announce_to(Arc::<Publisher>::clone(&publisher));

        let (relay_stopping, relay_tasks) = (CancellationToken::new(), TaskTracker::new());
        let relay = Arc::new(Relay {
            shared: Arc::clone(&shared),
            publisher,
            link: consuming.clone(),
            options: options.clone(),
        });
        let relaying = Arc::clone(&relay).run(relay_stopping.clone());
        relay_tasks.spawn(shared.watched("relay", &relay_stopping, relaying));

        let asker = Asker::new(Arc::clone(&shared), publishing.clone(), options.clone());
        let asking = Arc::clone(&asker).run(consuming.clone(), links_stopping.clone());
        links.spawn(shared.watched("asker", &links_stopping, asking));
        Self {
            shared,
            options,
            publishing,
            consuming,
            asker,
            relay,
            relay_stopping,
            relaying: relay_tasks,
            publisher_stopping,
            publisher: publishing_tasks,
            links_stopping,
            links,
        }
    }

    /// Takes commands of a kind, to be spawned.
    pub(crate) fn consumer(&self, runner: Runner, kind: &'static str, concurrency: u32) -> Consumer {
        Consumer {
            shared: Arc::clone(&self.shared),
            runner,
            kind,
            concurrency,
            link: self.consuming.clone(),
            options: self.options.clone(),
        }
    }

    /// Takes what the broker gave up, to be spawned.
    pub(crate) fn dead_letters(&self) -> DeadLetters {
        DeadLetters {
            shared: Arc::clone(&self.shared),
            link: self.consuming.clone(),
            options: self.options.clone(),
        }
    }

    /// Answers requests of a kind, to be spawned.
    pub(crate) fn answerer(
        &self,
        requests: LocalRequests,
        kind: &'static str,
        concurrency: usize,
    ) -> Answerer {
        Answerer {
            shared: Arc::clone(&self.shared),
            requests,
            kind,
            concurrency,
            publishing: self.publishing.clone(),
            consuming: self.consuming.clone(),
            options: self.options.clone(),
        }
    }

    /// Asks a service in another process.
    pub(crate) async fn ask(&self, kind: &str, body: &[u8], deadline: Duration) -> Result<Vec<u8>, Fault> {
        self.asker.ask(kind, body, deadline).await
    }

    /// Whether both connections are up.
    pub(crate) fn is_up(&self) -> bool {
        self.publishing.connection_now().is_some() && self.consuming.connection_now().is_some()
    }

    /// How many messages wait in the queues of commands, as far as the broker tells.
    pub(crate) async fn queues(&self, kinds: &[&'static str]) -> Vec<(&'static str, u32)> {
        let Some(connection) = self.consuming.connection_now() else { return Vec::new() };
        let mut queues = Vec::with_capacity(kinds.len());
        for kind in kinds {
            if let Ok(waiting) = topology::waiting(&connection, &self.options, kind).await {
                queues.push((*kind, waiting));
            }
        }
        queues
    }

    /// Publishes what is left, gives back what the broker does not take, and closes the connections. After the work is
    /// done.
    pub(crate) async fn close(&self) {
        end(&self.relay_stopping, &self.relaying).await;
        end(&self.publisher_stopping, &self.publisher).await;
        self.relay.give_rest_back().await;
        end(&self.links_stopping, &self.links).await;
    }
}

async fn end(stopping: &CancellationToken, tasks: &TaskTracker) {
    stopping.cancel();
    tasks.close();
    tasks.wait().await;
}
