//! Gives commands to the broker and waits for each confirmation. What the broker did not take goes back to the
//! database.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Channel, Confirmation, Connection};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use waybill_domain::CommandId;
use waybill_store::{Announcement, Announcer};

use super::link::Link;
use super::trouble::Trouble;
use super::{AmqpOptions, envelope, topology};

/// Commands that wait for a place in the window, at the most.
const WAITING: usize = 4096;
/// For so long nothing of a kind is published after the broker refused one of it.
const PAUSE: Duration = Duration::from_secs(1);

/// A command on its way to the broker.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) id: CommandId,
    pub(crate) kind: String,
    pub(crate) traceparent: Option<String>,
}

/// Where commands are handed in, and what came back.
pub(crate) struct Publisher {
    link: Link,
    outgoing: mpsc::Sender<Outgoing>,
    refused: Mutex<Refused>,
}

#[derive(Default)]
struct Refused {
    commands: Vec<CommandId>,
    paused: HashMap<String, Instant>,
}

impl Publisher {
    /// The publisher, and its work, to be spawned.
    pub(crate) fn new(
        options: AmqpOptions,
        link: Link,
        stopping: CancellationToken,
    ) -> (Arc<Self>, impl Future<Output = ()>) {
        let (outgoing, incoming) = mpsc::channel(WAITING);
        let publisher = Arc::new(Self { link, outgoing, refused: Mutex::default() });
        let work = Work { publisher: Arc::clone(&publisher), options, incoming, stopping };
        (publisher, work.run())
    }

    /// Publishes a command as soon as there is a place for it. It must be marked as published.
    pub(crate) async fn publish(&self, command: Outgoing) {
        if let Err(closed) = self.outgoing.send(command).await {
            self.refuse(closed.0.id);
        }
    }

    /// Whether the broker takes messages now.
    pub(crate) fn is_open(&self) -> bool {
        self.link.is_open()
    }

    /// The commands that the broker did not take since the last call.
    pub(crate) fn take_refused(&self) -> Vec<CommandId> {
        std::mem::take(&mut self.refused().commands)
    }

    /// The kinds of which nothing is to be published for a moment.
    pub(crate) fn paused(&self) -> Vec<String> {
        let now = Instant::now();
        let mut refused = self.refused();
        refused.paused.retain(|_, until| *until > now);
        refused.paused.keys().cloned().collect()
    }

    /// They could not be given back yet.
    pub(crate) fn refuse_again(&self, commands: Vec<CommandId>) {
        self.refused().commands.extend(commands);
    }

    fn refuse(&self, command: CommandId) {
        self.refused().commands.push(command);
    }

    fn pause(&self, kind: &str) {
        self.refused().paused.insert(kind.to_owned(), Instant::now() + PAUSE);
    }

    fn refused(&self) -> MutexGuard<'_, Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Announcer for Publisher {
    fn is_ready(&self) -> bool {
        self.is_open() && self.outgoing.capacity() > WAITING / 2
    }

    fn announce(&self, commands: Vec<Announcement>) {
        for Announcement { id, kind, traceparent } in commands {
            let kind = kind.to_owned();
            if self.outgoing.try_send(Outgoing { id, kind, traceparent }).is_err() {
                self.refuse(id);
            }
        }
    }
}

struct Work {
    publisher: Arc<Publisher>,
    options: AmqpOptions,
    incoming: mpsc::Receiver<Outgoing>,
    stopping: CancellationToken,
}

type Confirming = BoxFuture<'static, (CommandId, String, Answer)>;

/// What the broker said of a message.
enum Answer {
    Taken,
    /// Not now.
    Refused,
    /// The channel is of no use any more: to a queue that was deleted and made anew it would send what nobody ever
    /// sees.
    Broken(String),
}

impl Work {
    async fn run(mut self) {
        let link = self.publisher.link.clone();
        loop {
            let connection = tokio::select! {
                Some(connection) = link.connection() => connection,
                Some(command) = self.incoming.recv() => {
                    self.publisher.refuse(command.id);
                    continue;
                }
                () = self.stopping.cancelled() => return,
            };
            match self.session(&connection).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::warn!(%error, "publishing was interrupted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Publishes until the connection fails, or until everything is confirmed after `stopping`.
    async fn session(&mut self, connection: &Connection) -> Result<(), Trouble> {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let mut provided = HashSet::<String>::new();
        let mut confirming = FuturesUnordered::<Confirming>::new();
        let mut unconfirmed = HashSet::<CommandId>::new();
        let ended = loop {
            let place = confirming.len() < self.options.window;
            tokio::select! {
                biased;
                Some((id, kind, outcome)) = confirming.next() => {
                    match outcome {
                        Answer::Taken => {}
                        Answer::Refused => {
                            tracing::warn!(kind, %id, "the queue is full: the command waits in the database");
                            self.publisher.refuse(id);
                            self.publisher.pause(&kind);
                        }
                        Answer::Broken(why) => break Err(Trouble::Unconfirmed { kind, why }),
                    }
                    unconfirmed.remove(&id);
                }
                Some(command) = self.incoming.recv(), if place => {
                    let id = command.id;
                    unconfirmed.insert(id);
                    match self.send(connection, &channel, &mut provided, command).await {
                        Ok(confirmation) => confirming.push(confirmation),
                        Err(error) => break Err(error),
                    }
                }
                () = self.stopping.cancelled(), if confirming.is_empty() && self.incoming.is_empty() => break Ok(()),
            }
        };
        for id in unconfirmed {
            self.publisher.refuse(id); // perhaps it arrived; a second message finds nothing to do
        }
        ended
    }

    async fn send(
        &self,
        connection: &Connection,
        channel: &Channel,
        provided: &mut HashSet<String>,
        command: Outgoing,
    ) -> Result<Confirming, Trouble> {
        let Outgoing { id, kind, traceparent } = command;
        if !provided.contains(&kind) {
            topology::provide_dead(connection, &self.options).await?;
            topology::provide_commands(connection, &self.options, &kind).await?;
            provided.insert(kind.clone());
        }
        let queue = topology::commands(&self.options, &kind);
        let properties = envelope::of_command(id, &kind, traceparent.as_deref());
        let patience = self.options.confirm_timeout;
        let publish = publish(channel, &queue, id, properties);
        let confirm =
            tokio::time::timeout(patience, publish).await.map_err(|_| Trouble::Slow(patience))??;
        Ok(Box::pin(async move {
            let outcome = match tokio::time::timeout(patience, confirm).await {
                Ok(Ok(Confirmation::Ack(None))) => Answer::Taken,
                Ok(Ok(Confirmation::Nack(_))) => Answer::Refused,
                // RabbitMQ confirms what it could not route, too.
                Ok(Ok(Confirmation::Ack(Some(_)))) => Answer::Broken("there is no such queue".to_owned()),
                Ok(Ok(Confirmation::NotRequested)) => Answer::Broken("confirmations are off".to_owned()),
                Ok(Err(error)) => Answer::Broken(error.to_string()),
                Err(_) => Answer::Broken(format!("no confirmation within {patience:?}")),
            };
            (id, kind, outcome)
        }))
    }
}

async fn publish(
    channel: &Channel,
    queue: &str,
    id: CommandId,
    properties: BasicProperties,
) -> Result<lapin::PublisherConfirm, lapin::Error> {
    let mandatory = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    channel.basic_publish("".into(), queue.into(), mandatory, id.to_string().as_bytes(), properties).await
}
