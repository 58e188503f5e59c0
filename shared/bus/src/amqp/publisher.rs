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
/// For so long nothing of a kind is published whose queue is missing, or is not as it must be.
const PAUSE_UNTIL_MENDED: Duration = Duration::from_secs(5);
const PULSE: Duration = Duration::from_secs(1);

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
        let unconfirmed = HashSet::new();
        let work = Work { publisher: Arc::clone(&publisher), options, incoming, unconfirmed, stopping };
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

    /// It goes back to the database.
    pub(crate) fn refuse(&self, command: CommandId) {
        self.refused().commands.push(command);
    }

    fn pause(&self, kind: &str, length: Duration) {
        self.refused().paused.insert(kind.to_owned(), Instant::now() + length);
    }

    fn is_paused(&self, kind: &str) -> bool {
        self.refused().paused.get(kind).is_some_and(|until| *until > Instant::now())
    }

    fn refused(&self) -> MutexGuard<'_, Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Announcer for Publisher {
    fn is_ready(&self) -> bool {
        self.is_open() && !self.outgoing.is_closed() && self.outgoing.capacity() > WAITING / 2
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
    /// Sent in this session, or about to be.
    unconfirmed: HashSet<CommandId>,
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
    /// Until everything is published after `stopping`, or cannot be in good time: a broker that takes no messages stops
    /// nobody from ending. What is left goes back to the database at once.
    async fn run(mut self) {
        let (stopping, patience) = (self.stopping.clone(), self.options.confirm_timeout);
        let too_late = async {
            stopping.cancelled().await;
            tokio::time::sleep(patience).await;
        };
        tokio::select! {
            () = self.publish() => {}
            () = too_late => tracing::warn!("the broker takes no messages; what is left waits in the database"),
        }
        self.incoming.close();
        while let Ok(command) = self.incoming.try_recv() {
            self.publisher.refuse(command.id);
        }
        self.refuse_unconfirmed();
    }

    async fn publish(&mut self) {
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
                Err(error) => tracing::warn!(%error, "publishing was interrupted"),
            }
            self.refuse_unconfirmed();
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = self.stopping.cancelled() => return,
            }
        }
    }

    /// Perhaps they arrived; a second message finds nothing to do.
    fn refuse_unconfirmed(&mut self) {
        for id in self.unconfirmed.drain() {
            self.publisher.refuse(id);
        }
    }

    /// Publishes until the connection fails, or until everything is confirmed after `stopping`.
    async fn session(&mut self, connection: &Connection) -> Result<(), Trouble> {
        let channel = within(self.options.confirm_timeout, confirming_channel(connection)).await?;
        let mut provided = HashSet::<String>::new();
        let mut confirming = FuturesUnordered::<Confirming>::new();
        let mut pulse = tokio::time::interval(PULSE);
        loop {
            let place = confirming.len() < self.options.window;
            tokio::select! {
                biased;
                Some((id, kind, outcome)) = confirming.next() => {
                    match outcome {
                        Answer::Taken => {}
                        Answer::Refused => self.full(id, &kind),
                        Answer::Broken(why) => return Err(Trouble::Unconfirmed { kind, why }),
                    }
                    self.unconfirmed.remove(&id);
                }
                Some(command) = self.incoming.recv(), if place => {
                    if self.publisher.is_paused(&command.kind) {
                        self.publisher.refuse(command.id);
                        continue;
                    }
                    self.unconfirmed.insert(command.id);
                    if self.provide(connection, &mut provided, &command).await? {
                        let sent = self.send(&channel, command).await?;
                        confirming.push(sent);
                    }
                }
                () = self.stopping.cancelled(), if confirming.is_empty() && self.incoming.is_empty() => return Ok(()),
                _ = pulse.tick() => if !channel.status().connected() {
                    return Err(Trouble::Cancelled("publishing".to_owned()));
                },
            }
        }
    }

    fn full(&self, id: CommandId, kind: &str) {
        if !self.publisher.is_paused(kind) {
            tracing::warn!(kind, "the queue is full: commands wait in the database");
        }
        self.publisher.refuse(id);
        self.publisher.pause(kind, PAUSE);
    }

    /// Sees to it that the queue is there; false when it is not as it must be: that stops nobody but its own kind.
    async fn provide(
        &mut self,
        connection: &Connection,
        provided: &mut HashSet<String>,
        command: &Outgoing,
    ) -> Result<bool, Trouble> {
        let kind = &command.kind;
        if provided.contains(kind) {
            return Ok(true);
        }
        let queues = async {
            topology::provide_dead(connection, &self.options).await?;
            topology::provide_commands(connection, &self.options, kind).await
        };
        match within(self.options.confirm_timeout, queues).await {
            Ok(_) => {
                provided.insert(kind.clone());
                Ok(true)
            }
            Err(error @ (Trouble::Missing { .. } | Trouble::Queue { .. })) => {
                tracing::warn!(kind, %error, "commands of this kind wait in the database");
                self.unconfirmed.remove(&command.id);
                self.publisher.refuse(command.id);
                self.publisher.pause(kind, PAUSE_UNTIL_MENDED);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    async fn send(&self, channel: &Channel, command: Outgoing) -> Result<Confirming, Trouble> {
        let Outgoing { id, kind, traceparent } = command;
        let queue = topology::commands(&self.options, &kind);
        let properties = envelope::of_command(id, &kind, traceparent.as_deref());
        let patience = self.options.confirm_timeout;
        let confirm = within(patience, publish(channel, &queue, id, properties)).await?;
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
) -> Result<lapin::PublisherConfirm, Trouble> {
    let mandatory = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
    let body = id.to_string();
    Ok(channel.basic_publish("".into(), queue.into(), mandatory, body.as_bytes(), properties).await?)
}

async fn confirming_channel(connection: &Connection) -> Result<Channel, Trouble> {
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    Ok(channel)
}

/// A broker that takes no messages answers nothing at all on this connection.
async fn within<T>(
    patience: Duration,
    answer: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Trouble> {
    tokio::time::timeout(patience, answer).await.map_err(|_| Trouble::Slow(patience))?
}
