//! A node without its neighbours: database, bus, directory and the service under test.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use url::Url;
use waybill_bus::{Bus, BusOptions};
use waybill_context::{Context, Identity, SharedContext, Shares};
use waybill_crypto::{IdentityKey, Keyring};
use waybill_directory::{DirectoryHolder, DirectorySource, FetchDirectory, FetchError};
use waybill_domain::{Clock as _, KeyType, Timestamp, VaspId, VerificationUuid};
use waybill_egress::{Egress, EgressOptions};
use waybill_jobs::{Command, DeliverCallback, VerifyCounterparty};
use waybill_runtime::settings::{LoadFrom, Settings};
use waybill_runtime::{Shutdown, TaskGroup};
use waybill_store::tables::commands::{self, CommandFilter, CommandRow, CommandStatus, NewCommand};
use waybill_store::tables::own_keys;
use waybill_store::tables::verifications::{self, NewVerification, VerificationRow};
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder, eventually};
use waybill_vault::{Column, Vault};

use crate::fake_peer::FakePeer;
use crate::fixture::{ADDRESS, ASKED, Listed, OURS, PEER, beneficiary, identity, originator, other_identity};
use crate::stub_keys::StubKeys;

/// Long enough for a busy machine; no test that passes waits for it.
const PATIENCE: Duration = Duration::from_secs(20);
const TEN_MINUTES: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// A node with one peer.
pub struct House {
    pub ctx: SharedContext,
    pub clock: MockClock,
    pub peer: FakePeer,
    pub keys: StubKeys,
    folder: TestFolder,
}

/// How a house differs from the usual one.
#[derive(Default)]
pub struct Options {
    pub egress: EgressOptions,
    pub settings: Vec<(&'static str, &'static str)>,
    /// Whom the one peer is: ourselves, in the self flow.
    pub peer: Option<VaspId>,
}

impl House {
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let (clock, folder) = (MockClock::default(), TestFolder::new());
        let peer = FakePeer::start(options.peer.unwrap_or(PEER), &clock).await;
        let ctx = context(&clock, &folder, &peer, options).await;
        let keys = StubKeys::serve(&ctx, &peer);
        waybill_counterparty::start(&ctx);
        Self { ctx, clock, peer, keys, folder }
    }

    /// Another process of the service over the same database, ended by its own shutdown.
    pub async fn another_process(&self) -> SharedContext {
        let Context { own_id, settings, clock, entropy, store, .. } = &*self.ctx;
        let shutdown = Shutdown::new(Duration::from_secs(1));
        let tasks = TaskGroup::new(shutdown.clone());
        let ctx = Arc::new(Context {
            own_id: *own_id,
            settings: settings.clone(),
            clock: Arc::clone(clock),
            entropy: Arc::clone(entropy),
            store: store.clone(),
            bus: Bus::embedded(store.clone(), BusOptions::default(), Arc::clone(clock), Arc::clone(entropy)),
            vault: self.ctx.vault.clone(),
            egress: Egress::new(EgressOptions::default(), Arc::clone(clock), Arc::clone(entropy)).unwrap(),
            shares: Shares::default(),
            directory: directory(&self.folder, &operator(), &self.peer, clock.now()).await,
            networks: Arc::default(),
            identity: Identity::new(identity(OURS)),
            tasks,
            shutdown,
        });
        waybill_counterparty::start(&ctx);
        ctx
    }

    /// Accepts a verification as ingress does.
    pub async fn verify(&self, uuid: VerificationUuid) {
        self.accept(uuid, KeyType::PerVasp).await;
        self.begin(uuid, &VerifyCounterparty { verification_uuid: uuid }).await;
    }

    /// Adds a command that looks as if it had been tried for an hour: when it fails it waits for minutes, so that nothing
    /// but the test makes it due again.
    pub async fn begin<C: Command>(&self, uuid: VerificationUuid, body: &C) {
        let mut command = self.ctx.bus.command(body).in_group(uuid);
        command.created_at -= chrono::TimeDelta::hours(1);
        self.add(command).await;
    }

    /// Stores a verification that waits.
    pub async fn accept(&self, uuid: VerificationUuid, key_type: KeyType) {
        let new = self.new_verification(uuid, key_type);
        let write = self.ctx.store.write("test", new, |tx, new| Box::pin(verifications::insert(tx, new)));
        assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    }

    /// A verification of ours, as ingress stores it.
    pub fn new_verification(&self, uuid: VerificationUuid, key_type: KeyType) -> NewVerification {
        let seal = |column, json: Value| self.ctx.vault.seal_column(uuid, column, &json.to_string());
        NewVerification {
            uuid,
            asset: serde_json::from_value(asset()).unwrap(),
            originating_vasp_id: OURS,
            originator_account_number: "0xorig".to_owned(),
            originator_sealed: seal(Column::Originator, originator()),
            originating_vasp_sealed: seal(Column::OriginatingVasp, json!({"originatingVASP": {}})),
            beneficiary_vasp_id: self.peer.id,
            beneficiary_account_number: ADDRESS.to_owned(),
            beneficiary_sealed: seal(Column::Beneficiary, beneficiary(ADDRESS)),
            beneficiary_vasp_sealed: seal(Column::BeneficiaryVasp, json!({"beneficiaryVASP": {}})),
            created_at: self.clock.now(),
            key_type,
            payload_version: "1.0".to_owned(),
            required_beneficiary_info: ASKED.to_owned(),
            expires_at: self.clock.now() + TEN_MINUTES,
        }
    }

    pub async fn add(&self, command: NewCommand) {
        let write =
            self.ctx.store.write("test", command, |tx, command| Box::pin(commands::insert(tx, command)));
        write.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    }

    pub async fn row(&self, uuid: VerificationUuid) -> VerificationRow {
        let read = self.ctx.store.read("test", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
        read.await.unwrap_or_else(|error: StoreError| panic!("{error}")).unwrap()
    }

    /// Commands of one kind about a verification, newest first.
    pub async fn commands<C: Command>(&self, uuid: VerificationUuid) -> Vec<CommandRow> {
        let filter =
            CommandFilter { kind: Some(C::KIND.to_owned()), group_key: Some(uuid.to_string()), status: None };
        let read = self.ctx.store.read("test", filter, |tx, filter| Box::pin(commands::list(tx, filter, 10)));
        read.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// Waits until the one command of a kind has been tried `attempts` times and is in this status.
    pub async fn until<C: Command>(
        &self,
        uuid: VerificationUuid,
        attempts: u32,
        status: CommandStatus,
    ) -> CommandRow {
        eventually("the command comes to its status", PATIENCE, || async {
            let mut commands = self.commands::<C>(uuid).await;
            let command = commands.pop()?;
            (command.status == status && command.attempts == attempts).then_some(command)
        })
        .await
    }

    /// Waits until the first `attempts` failed, then makes the next one due at once.
    pub async fn try_again<C: Command>(&self, uuid: VerificationUuid, attempts: u32) -> CommandRow {
        let waiting = self.until::<C>(uuid, attempts, CommandStatus::Created).await;
        let wake = self
            .ctx
            .store
            .write("test", uuid.to_string(), |tx, uuid| Box::pin(commands::wake_group(tx, C::KIND, uuid)));
        wake.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        waiting
    }

    /// Waits until the question was asked for the last time.
    pub async fn until_ended(&self, uuid: VerificationUuid, attempts: u32) -> VerificationRow {
        self.until::<VerifyCounterparty>(uuid, attempts, CommandStatus::Done).await;
        self.row(uuid).await
    }

    /// The one callback that tells our backend the result.
    pub async fn callback(&self, uuid: VerificationUuid) -> DeliverCallback {
        let callbacks = self.commands::<DeliverCallback>(uuid).await;
        assert_eq!(callbacks.len(), 1, "one callback");
        serde_json::from_str(&callbacks[0].body).unwrap()
    }

    /// Whether a key of ours is still there.
    pub async fn has_own_key(&self, key_id: &str) -> bool {
        let find = self
            .ctx
            .store
            .read("test", key_id.to_owned(), |tx, key_id| Box::pin(own_keys::by_key_id(tx, key_id)));
        find.await.unwrap_or_else(|error: StoreError| panic!("{error}")).is_some()
    }

    /// The message of a row, in clear.
    pub fn message(&self, row: &VerificationRow) -> Option<String> {
        let sealed = row.message_sealed.as_ref()?;
        Some(self.ctx.vault.open_column(row.uuid, Column::Message, sealed).unwrap().to_string())
    }

    /// The beneficiary of a row, in clear.
    pub fn beneficiary(&self, row: &VerificationRow) -> Value {
        let text = self.ctx.vault.open_column(row.uuid, Column::Beneficiary, &row.beneficiary_sealed);
        serde_json::from_str(&text.unwrap()).unwrap()
    }
}

fn asset() -> Value {
    json!({
        "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": true,
        "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": "2026-01-02T03:04:05.000Z",
    })
}

async fn context(clock: &MockClock, folder: &TestFolder, peer: &FakePeer, options: Options) -> SharedContext {
    let entropy = SeededEntropy::new(7).shared();
    let operator = operator();
    let settings = settings(&operator, &options.settings);
    let directory = directory(folder, &operator, peer, clock.now()).await;
    let store = StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 };
    let store = Store::open(&store).await.unwrap();
    let keyring = Arc::new(Keyring::new(vec![("k".to_owned(), [7; 32])]).unwrap());
    let shutdown = Shutdown::new(Duration::from_secs(1));
    Arc::new(Context {
        own_id: OURS,
        bus: Bus::embedded(store.clone(), BusOptions::default(), clock.shared(), Arc::clone(&entropy)),
        vault: Vault::new(keyring, Arc::clone(&entropy)),
        egress: Egress::new(options.egress, clock.shared(), Arc::clone(&entropy)).unwrap(),
        settings,
        clock: clock.shared(),
        entropy,
        store,
        shares: Shares::default(),
        directory,
        networks: Arc::default(),
        identity: Identity::new(identity(OURS)),
        tasks: TaskGroup::new(shutdown.clone()),
        shutdown,
    })
}

fn settings(operator: &IdentityKey, more: &[(&'static str, &'static str)]) -> Settings {
    let trust_root = operator.verifying_key().to_string();
    let own_id = OURS.to_string();
    let required = [
        ("WAYBILL__NODE__VASP_ID", &*own_id),
        ("WAYBILL__DIRECTORY__SOURCE", "directory.json"),
        ("WAYBILL__DIRECTORY__TRUST_ROOT", &trust_root),
        ("WAYBILL__DIRECTORY__ALLOW_PRIVATE", "127.0.0.1"),
        ("WAYBILL__IDENTITY__KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ("WAYBILL__ENCRYPTION__KEYS", "k:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
    ];
    let env = required.into_iter().chain(more.iter().copied());
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Settings::load(LoadFrom { file: None, env, for_run: false }).unwrap().settings
}

/// Signs the directory.
fn operator() -> IdentityKey {
    IdentityKey::from_seed(&[9; 32])
}

struct NoFetch;

#[async_trait]
impl FetchDirectory for NoFetch {
    async fn fetch(&self, _: &Url) -> Result<Vec<u8>, FetchError> {
        Err(FetchError("there is a file".to_owned()))
    }
}

async fn directory(
    folder: &TestFolder,
    operator: &IdentityKey,
    peer: &FakePeer,
    now: Timestamp,
) -> DirectoryHolder {
    let mut members = vec![member(peer.id, &peer.endpoint, now)];
    if peer.id != OURS {
        members.push(member(OURS, "http://127.0.0.1:9", now));
    }
    let document = json!({"version": 1, "issuedAt": time(now), "expiresAt": time(now + TEN_MINUTES * 1000), "members": members});
    let signed = waybill_directory::sign(&serde_json::from_value(document).unwrap(), operator).unwrap();
    let source = DirectorySource::File(folder.write("directory.json", signed));
    DirectoryHolder::open(&source, &NoFetch, operator.verifying_key(), now, 0).await.unwrap()
}

fn member(id: VaspId, endpoint: &str, now: Timestamp) -> Value {
    let entry = |key: IdentityKey, from: i32, until: i32| {
        let key = key.verifying_key();
        json!({
            "keyId": key.key_id(), "publicKey": key.to_string(),
            "notBefore": time(now + TEN_MINUTES * from), "notAfter": time(now + TEN_MINUTES * until),
        })
    };
    let mut keys = vec![entry(identity(id), -1, 10_000)];
    if id == PEER {
        keys.extend([
            entry(other_identity(Listed::Leaving), -100, 1),
            entry(other_identity(Listed::Coming), -1, 10_000),
            entry(other_identity(Listed::Over), -100, 0),
            entry(other_identity(Listed::Early), 1, 10_000),
        ]);
    }
    let name = json!({"legalPersonName": "Example Ltd", "legalPersonNameIdentifierType": "LEGL"});
    json!({
        "vaspId": id, "vaspName": "Example", "vaspStatus": "VERIFIED-MEMBER", "active": true, "endpoint": endpoint,
        "legalPerson": {"legalPerson": {"name": {"nameIdentifier": [name]}}}, "protocols": ["ALLIANCE"],
        "createdAt": time(now), "updatedAt": time(now),
        "identityKeys": keys,
    })
}

fn time(at: Timestamp) -> String {
    waybill_domain::format_time(at)
}
