//! Two processes on one database: one adds and asks, the other works and answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::mpsc;
use waybill_bus::{AmqpOptions, Bus, BusOptions, Claim, CommandHandler, Outcome};
use waybill_domain::VerificationUuid;
use waybill_jobs::NotifyExpiry;
use waybill_store::tables::commands::{self, CommandStatus, NewCommand};
use waybill_store::{ServerOptions, ServerTls, Store, StoreError, StoreOptions};
use waybill_testkit::servers::{self, TestDatabase};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder, eventually};

/// Longer than a broker needs to start, and the pauses between attempts to reach it, on a busy machine.
pub const SOON: Duration = Duration::from_secs(120);

/// Which bus a test runs over.
#[derive(Clone, Copy)]
pub enum Opener {
    /// One process, which does both, over SQLite.
    Embedded,
    /// Two processes over PostgreSQL and the shared RabbitMQ.
    Amqp,
}

pub struct House {
    pub store: Store,
    /// Adds and asks.
    pub bus: Bus,
    /// Works and answers; the same one when there is one process only.
    pub worker: Bus,
    pub broker: Option<AmqpOptions>,
    _database: Option<Arc<TestDatabase>>,
    _folder: TestFolder,
}

impl Opener {
    pub async fn house(self, options: BusOptions) -> House {
        match self {
            Self::Embedded => embedded(options).await,
            Self::Amqp => amqp(options, at_the_shared_broker().await).await,
        }
    }
}

async fn embedded(options: BusOptions) -> House {
    let folder = TestFolder::new();
    let file = StoreOptions::Sqlite { path: folder.path().join("test.sqlite"), readers: 2 };
    let store = Store::open(&file).await.unwrap();
    let bus =
        Bus::embedded(store.clone(), options, MockClock::default().shared(), SeededEntropy::new(3).shared());
    House { store, worker: bus.clone(), bus, broker: None, _database: None, _folder: folder }
}

/// The shared broker with queues of one's own.
pub async fn at_the_shared_broker() -> AmqpOptions {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let url = tokio::task::spawn_blocking(|| servers::rabbitmq().url().to_owned()).await.unwrap();
    let prefix = format!("test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    AmqpOptions { prefix, ..AmqpOptions::at(SecretString::from(url)) }
}

pub async fn amqp(options: BusOptions, broker: AmqpOptions) -> House {
    let database = tokio::task::spawn_blocking(|| servers::postgres().database()).await.unwrap();
    let server = ServerOptions {
        url: SecretString::from(database.url().to_owned()),
        connections: 4,
        acquire_timeout: Duration::from_secs(10),
        statement_timeout: Duration::from_secs(30),
        tls: ServerTls::Off,
        tls_ca: None,
        schema: None,
    };
    let server = StoreOptions::Server(server);
    Store::migrate(&server).await.unwrap();
    let open = async |seed: u64| {
        let store = Store::open(&server).await.unwrap();
        let bus = Bus::amqp(
            store.clone(),
            options.clone(),
            broker.clone(),
            MockClock::default().shared(),
            SeededEntropy::new(seed).shared(),
        );
        (store, bus)
    };
    let (store, bus) = open(3).await;
    let (_, worker) = open(4).await;
    eventually("the broker is reached", SOON, async || (bus.is_up() && worker.is_up()).then_some(())).await;
    House {
        store,
        bus,
        worker,
        broker: Some(broker.clone()),
        _database: Some(Arc::new(database)),
        _folder: TestFolder::new(),
    }
}

impl House {
    pub async fn add(&self, commands: Vec<NewCommand>) {
        let added = self.store.write("test", commands, |tx, commands| {
            Box::pin(async move {
                for command in commands {
                    commands::insert(tx, command).await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        added.await.unwrap();
    }

    pub async fn status(&self, command: &NewCommand) -> (CommandStatus, u32) {
        let row = self.store.read("test", command.id, |tx, id| Box::pin(commands::find(tx, *id)));
        let row = row.await.unwrap_or_else(|error: StoreError| panic!("{error}")).unwrap();
        (row.status, row.attempts)
    }

    pub async fn until_done(&self, command: &NewCommand) {
        self.until(command, CommandStatus::Done).await;
    }

    pub async fn until(&self, command: &NewCommand, status: CommandStatus) {
        eventually("the command gets there", SOON, async || {
            (self.status(command).await.0 == status).then_some(())
        })
        .await;
    }

    pub async fn drain(&self) {
        self.worker.drain().await;
        self.bus.drain().await;
    }
}

pub fn verification(byte: u8) -> VerificationUuid {
    VerificationUuid::from_random([byte; 16])
}

pub fn notice(house: &House, byte: u8) -> NewCommand {
    house.bus.command(&NotifyExpiry { verification_uuid: verification(byte) })
}

/// Reports each command it sees and answers as told.
pub struct Script<F>(pub mpsc::UnboundedSender<(VerificationUuid, u32)>, pub F);

#[async_trait]
impl<F> CommandHandler<NotifyExpiry> for Script<F>
where
    F: Fn(VerificationUuid, u32) -> Outcome + Send + Sync + 'static,
{
    async fn handle(&self, command: NotifyExpiry, claim: &Claim) -> Result<Outcome, StoreError> {
        self.0.send((command.verification_uuid, claim.attempts())).unwrap();
        Ok((self.1)(command.verification_uuid, claim.attempts()))
    }
}
