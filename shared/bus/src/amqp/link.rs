//! One supervised connection to the broker. lapin's own recovery is not used: after an error on a channel its
//! consumers are silent for ever. Whoever uses the connection builds its channels anew after any error.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use lapin::tcp::OwnedTLSConfig;
use lapin::uri::AMQPUri;
use lapin::{Connection, ConnectionProperties, Event};
use secrecy::ExposeSecret as _;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use waybill_domain::SharedEntropy;

use super::AmqpOptions;
use super::back_off::BackOff;
use super::trouble::Trouble;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
const PULSE: Duration = Duration::from_secs(1);
/// Two of these without a sign of life, and the connection is given up.
const HEARTBEAT_SECONDS: u16 = 10;

/// A connection that is made again whenever it is lost. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Link {
    connection: watch::Receiver<Option<Arc<Connection>>>,
    blocked: Arc<AtomicBool>,
}

impl Link {
    /// The supervisor to be spawned, and the link to what it keeps up until `stopping`.
    pub(crate) fn new(
        options: AmqpOptions,
        purpose: &'static str,
        entropy: SharedEntropy,
        stopping: CancellationToken,
    ) -> (Self, impl Future<Output = ()>) {
        let (sender, connection) = watch::channel(None);
        let blocked = Arc::new(AtomicBool::new(false));
        let link = Self { connection, blocked: Arc::clone(&blocked) };
        let supervisor = Supervisor { options, purpose, sender, blocked };
        (link, async move { supervisor.run(entropy, stopping).await })
    }

    /// The connection, as soon as there is one; `None` when there will be none any more.
    pub(crate) async fn connection(&self) -> Option<Arc<Connection>> {
        let mut connection = self.connection.clone();
        let up =
            connection.wait_for(|connection| connection.as_ref().is_some_and(|it| it.status().connected()));
        up.await.ok().and_then(|connection| connection.clone())
    }

    /// The connection, if there is one now.
    pub(crate) fn connection_now(&self) -> Option<Arc<Connection>> {
        self.connection.borrow().clone().filter(|connection| connection.status().connected())
    }

    /// Whether there is a connection that takes messages: a broker that runs out of memory or disk takes none.
    pub(crate) fn is_open(&self) -> bool {
        !self.blocked.load(Ordering::Acquire) && self.connection_now().is_some()
    }
}

struct Supervisor {
    options: AmqpOptions,
    purpose: &'static str,
    sender: watch::Sender<Option<Arc<Connection>>>,
    blocked: Arc<AtomicBool>,
}

impl Supervisor {
    async fn run(self, entropy: SharedEntropy, stopping: CancellationToken) {
        let mut pauses = BackOff::default();
        let mut told = false;
        while !stopping.is_cancelled() {
            match connect(&self.options, self.purpose).await {
                Ok(connection) => {
                    tracing::info!(purpose = self.purpose, "connected to the broker");
                    told = false;
                    pauses.reset();
                    self.keep(connection, &stopping).await;
                }
                // Once for each outage: the pauses are short at first.
                Err(error) if !told => {
                    tracing::error!(%error, purpose = self.purpose, "the broker cannot be reached; trying again");
                    told = true;
                }
                Err(error) => tracing::debug!(%error, purpose = self.purpose, "the broker cannot be reached"),
            }
            tokio::select! {
                () = tokio::time::sleep(pauses.next(&*entropy)) => {}
                () = stopping.cancelled() => {}
            }
        }
    }

    /// Offers a connection to its users until it is lost.
    async fn keep(&self, connection: Connection, stopping: &CancellationToken) {
        let events = Box::pin(connection.events_listener());
        let connection = Arc::new(connection);
        self.sender.send_replace(Some(Arc::clone(&connection)));
        let ended = tokio::select! {
            why = self.until_lost(&connection, events) => Some(why),
            () = stopping.cancelled() => None,
        };
        self.sender.send_replace(None);
        self.blocked.store(false, Ordering::Release);
        match ended {
            Some(why) => tracing::warn!(why, purpose = self.purpose, "the connection to the broker was lost"),
            None => {
                let close = connection.close(200, "the service ends".into());
                let _in_vain = tokio::time::timeout(CLOSE_TIMEOUT, close).await;
            }
        }
    }

    async fn until_lost(
        &self,
        connection: &Connection,
        mut events: impl Stream<Item = Event> + Unpin,
    ) -> String {
        // An event from before we listened is not told again.
        let mut pulse = tokio::time::interval(PULSE);
        loop {
            let event = tokio::select! {
                event = events.next() => event,
                _ = pulse.tick() => if connection.status().connected() { continue } else { None },
            };
            let Some(event) = event else { return "it was closed".to_owned() };
            match event {
                Event::ConnectionBlocked(why) => {
                    tracing::error!(
                        alarm = "broker-blocked",
                        why,
                        "the broker takes no messages; they wait in the database"
                    );
                    self.blocked.store(true, Ordering::Release);
                }
                Event::ConnectionUnblocked => {
                    tracing::info!("the broker takes messages again");
                    self.blocked.store(false, Ordering::Release);
                }
                // Refusals on a channel are told here as well, and end that channel only.
                Event::Error(error) if !connection.status().connected() => return error.to_string(),
                _ => {}
            }
        }
    }
}

async fn connect(options: &AmqpOptions, purpose: &str) -> Result<Connection, Trouble> {
    let mut uri: AMQPUri = options.url.expose_secret().parse().map_err(Trouble::Url)?;
    uri.query.heartbeat.get_or_insert(HEARTBEAT_SECONDS);
    let name = format!("{} {purpose}", options.name);
    let properties = ConnectionProperties::default().with_connection_name(name.into());
    let tls = OwnedTLSConfig { identity: None, cert_chain: certificates(options).await? };
    let runtime = lapin::runtime::default_runtime()?;
    let connecting = Connection::connect_uri_with_config(uri, properties, tls, runtime);
    match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(connected) => Ok(connected?),
        Err(_) => Err(Trouble::Slow(CONNECT_TIMEOUT)),
    }
}

async fn certificates(options: &AmqpOptions) -> Result<Option<String>, Trouble> {
    let Some(path) = &options.tls_ca else { return Ok(None) };
    let read = tokio::fs::read_to_string(path).await;
    read.map(Some).map_err(|error| Trouble::Certificates { path: path.display().to_string(), error })
}
