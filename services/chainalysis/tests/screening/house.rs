//! A node with nothing but this service.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use waybill_bus::{Bus, BusOptions};
use waybill_context::{Context, Identity, SharedContext, Shares};
use waybill_crypto::{IdentityKey, Keyring};
use waybill_directory::{DirectoryHolder, DirectorySource, FetchDirectory, FetchError};
use waybill_domain::{Clock as _, Fault, ScreeningStatus, Timestamp, VerificationUuid};
use waybill_egress::{Egress, EgressOptions};
use waybill_jobs::{AskSanction, Command, DeliverCallback, RegisterKyt};
use waybill_runtime::settings::{LoadFrom, Settings};
use waybill_runtime::{Shutdown, TaskGroup};
use waybill_store::tables::commands::{self, CommandFilter, CommandRow};
use waybill_store::tables::history::{self, Assessment, HistoryFilter};
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::kyt_results::{self, KytRow};
use waybill_store::tables::sanction_results::{self, SanctionResult};
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder, eventually};
use waybill_vault::Vault;

use crate::vendor::FakeVendor;
use crate::verification::{OURS, Wish};

/// Long enough for a busy machine; no test that passes waits for it.
pub const PATIENCE: Duration = Duration::from_secs(30);
pub const KYT_KEY: &str = "kyt-key-of-this-test";
pub const SANCTION_KEY: &str = "sanction-key-of-this-test";

pub struct House {
    pub ctx: SharedContext,
    pub clock: MockClock,
    pub vendor: FakeVendor,
    settings: Vec<(&'static str, String)>,
    folder: Arc<TestFolder>,
}

impl House {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With these settings.
    pub async fn with(settings: &[(&'static str, &str)]) -> Self {
        let vendor = FakeVendor::start().await;
        Self::over(vendor, MockClock::default(), Arc::new(TestFolder::new()), settings).await
    }

    /// At work over a folder that may have a past.
    pub async fn over(
        vendor: FakeVendor,
        clock: MockClock,
        folder: Arc<TestFolder>,
        settings: &[(&'static str, &str)],
    ) -> Self {
        let mut all: Vec<(&'static str, String)> = vec![
            ("WAYBILL__CHAINALYSIS__SANCTION_URL", vendor.url.clone()),
            ("WAYBILL__CHAINALYSIS__SANCTION_API_KEY", SANCTION_KEY.to_owned()),
            ("WAYBILL__CHAINALYSIS__KYT_URL", format!("{}/api/kyt", vendor.url)),
            ("WAYBILL__CHAINALYSIS__KYT_API_KEY", KYT_KEY.to_owned()),
        ];
        all.retain(|(name, _)| settings.iter().all(|(other, _)| name != other));
        all.extend(settings.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let store = StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 };
        let store = Store::open(&store).await.unwrap();
        let ctx = context(&clock, &folder, store, &all, 7).await;
        waybill_chainalysis::start(&ctx);
        Self { ctx, clock, vendor, settings: all, folder }
    }

    /// Another process over the same database.
    pub async fn another_process(&self, seed: u64) -> SharedContext {
        let store = self.ctx.store.clone();
        let ctx = context(&self.clock, &self.folder, store, &self.settings, seed).await;
        waybill_chainalysis::start(&ctx);
        ctx
    }

    /// Another process, with another key.
    pub async fn restarted(self, settings: &[(&'static str, &str)]) -> Self {
        let Self { ctx, clock, vendor, folder, .. } = self;
        ctx.shutdown.begin();
        ctx.bus.drain().await;
        ctx.tasks.wait().await.unwrap();
        ctx.store.close().await;
        drop(ctx);
        Self::over(vendor, clock, folder, settings).await
    }

    pub async fn verification(&self, wish: &Wish) {
        let arguments = (wish.clone(), self.clock.now());
        let write = self.ctx.store.write("test", arguments, |tx, (wish, now)| Box::pin(wish.store(tx, *now)));
        write.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    }

    pub async fn register(&self, uuid: VerificationUuid) -> Result<String, Fault> {
        self.ask(RegisterKyt { verification_uuid: uuid, network: None, repeatable: None }).await
    }

    pub async fn ask(&self, request: RegisterKyt) -> Result<String, Fault> {
        self.ctx.bus.ask(&request, PATIENCE).await.map(|answer| answer.request_id)
    }

    pub async fn sanction(&self, uuid: VerificationUuid) -> Result<SanctionResult, Fault> {
        let answer = self.ctx.bus.ask(&AskSanction { verification_uuid: uuid }, PATIENCE).await?;
        Ok(self.sanction_row(&answer.request_id).await.unwrap())
    }

    pub async fn sanction_row(&self, request_id: &str) -> Option<SanctionResult> {
        let find = self.ctx.store.read("test", request_id.to_owned(), |tx, request_id| {
            Box::pin(sanction_results::find(tx, request_id))
        });
        find.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// Risk assessments of a verification, oldest first.
    pub async fn history(&self, uuid: VerificationUuid) -> Vec<Assessment> {
        let filter = HistoryFilter { verification_uuid: Some(uuid), ..HistoryFilter::default() };
        let list =
            self.ctx.store.read("test", filter, |tx, filter| Box::pin(history::list(tx, filter, None, 100)));
        let mut found = list.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        found.reverse();
        found
    }

    pub async fn row(&self, request_id: &str) -> KytRow {
        let find = self.ctx.store.read("test", request_id.to_owned(), |tx, request_id| {
            Box::pin(kyt_results::find(tx, request_id))
        });
        find.await.unwrap_or_else(|error: StoreError| panic!("{error}")).unwrap()
    }

    pub async fn alerts(&self, row: &KytRow) -> Vec<KytAlert> {
        let external_id = row.external_id.clone().unwrap();
        let find = self
            .ctx
            .store
            .read("test", external_id, |tx, external_id| Box::pin(kyt_alerts::of_external(tx, external_id)));
        find.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// Waits for something about a row.
    pub async fn until(&self, request_id: &str, what: &str, is_so: impl Fn(&KytRow) -> bool) -> KytRow {
        eventually(what, PATIENCE, async || {
            let row = self.row(request_id).await;
            is_so(&row).then_some(row)
        })
        .await
    }

    pub async fn until_processed(&self, request_id: &str) -> KytRow {
        self.until(request_id, "the result is there", |row| row.status == ScreeningStatus::Processed).await
    }

    pub async fn until_error(&self, request_id: &str) -> KytRow {
        self.until(request_id, "it ends as an error", |row| row.status == ScreeningStatus::Error).await
    }

    /// Callbacks about a verification, oldest first.
    pub async fn callbacks(&self, uuid: VerificationUuid) -> Vec<DeliverCallback> {
        let mut commands = self.commands(DeliverCallback::KIND, uuid).await;
        commands.reverse();
        commands.iter().map(|command| serde_json::from_str(&command.body).unwrap()).collect()
    }

    pub async fn commands(&self, kind: &str, uuid: VerificationUuid) -> Vec<CommandRow> {
        let filter =
            CommandFilter { kind: Some(kind.to_owned()), group_key: Some(uuid.to_string()), status: None };
        let list =
            self.ctx.store.read("test", filter, |tx, filter| Box::pin(commands::list(tx, filter, 1000)));
        list.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// Adds a command, as ingress or counterparty do.
    pub async fn command<C: Command>(&self, uuid: VerificationUuid, body: &C) {
        let command = self.ctx.bus.command(body).in_group(uuid);
        let write =
            self.ctx.store.write("test", command, |tx, command| Box::pin(commands::insert(tx, command)));
        write.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
    }
}

async fn context(
    clock: &MockClock,
    folder: &TestFolder,
    store: Store,
    settings: &[(&'static str, String)],
    seed: u64,
) -> SharedContext {
    let entropy = SeededEntropy::new(seed).shared();
    let operator = IdentityKey::from_seed(&[9; 32]);
    let directory = directory(folder.path(), &operator, clock.now()).await;
    let keyring = Arc::new(Keyring::new(vec![("k".to_owned(), [7; 32])]).unwrap());
    let shutdown = Shutdown::new(Duration::from_secs(1));
    Arc::new(Context {
        own_id: OURS,
        bus: Bus::embedded(store.clone(), BusOptions::default(), clock.shared(), Arc::clone(&entropy)),
        vault: Vault::new(keyring, Arc::clone(&entropy)),
        egress: Egress::new(EgressOptions::default(), clock.shared(), Arc::clone(&entropy)).unwrap(),
        settings: load(&operator, settings),
        clock: clock.shared(),
        entropy,
        store,
        shares: Shares::default(),
        directory,
        networks: Arc::default(),
        identity: Identity::new(IdentityKey::from_seed(&[1; 32])),
        tasks: TaskGroup::new(shutdown.clone()),
        shutdown,
    })
}

fn load(operator: &IdentityKey, more: &[(&'static str, String)]) -> Settings {
    let required = [
        ("WAYBILL__NODE__VASP_ID", OURS.to_string()),
        ("WAYBILL__DIRECTORY__SOURCE", "directory.json".to_owned()),
        ("WAYBILL__DIRECTORY__TRUST_ROOT", operator.verifying_key().to_string()),
        ("WAYBILL__IDENTITY__KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned()),
        ("WAYBILL__ENCRYPTION__KEYS", "k:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned()),
    ];
    let env = required.into_iter().chain(more.iter().cloned());
    let env = env.map(|(name, value)| (name.to_owned(), value));
    let env = env.filter(|(_, value)| !value.is_empty()); // an empty one leaves a setting out
    Settings::load(LoadFrom { file: None, env, for_run: false }).unwrap().settings
}

struct NoFetch;

#[async_trait::async_trait]
impl FetchDirectory for NoFetch {
    async fn fetch(&self, _: &url::Url) -> Result<Vec<u8>, FetchError> {
        Err(FetchError("there is a file".to_owned()))
    }
}

async fn directory(folder: &Path, operator: &IdentityKey, now: Timestamp) -> DirectoryHolder {
    let time = |at: Timestamp| waybill_domain::format_time(at);
    let long = Duration::from_secs(1_000_000);
    let document = json!({"version": 1, "issuedAt": time(now), "expiresAt": time(now + long), "members": []});
    let signed = waybill_directory::sign(&serde_json::from_value(document).unwrap(), operator).unwrap();
    let path = folder.join("directory.json");
    std::fs::write(&path, signed).unwrap();
    DirectoryHolder::open(&DirectorySource::File(path), &NoFetch, operator.verifying_key(), now, 0)
        .await
        .unwrap()
}
