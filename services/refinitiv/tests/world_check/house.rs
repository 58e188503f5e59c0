//! A node without its neighbours: database, bus, and the service under test.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use url::Url;
use waybill_bus::{Bus, BusOptions};
use waybill_context::{Context, Identity, SharedContext, Shares};
use waybill_crypto::{IdentityKey, Keyring};
use waybill_directory::{DirectoryHolder, DirectorySource, FetchDirectory, FetchError};
use waybill_domain::{
    Clock as _, Event, Fault, KeyType, ScreeningStatus, Timestamp, VaspId, Verdict, VerificationState,
    VerificationUuid,
};
use waybill_egress::{Egress, EgressOptions};
use waybill_jobs::{Command as _, DeliverCallback, KeepAnswer, RegisterWco, Request as _};
use waybill_refinitiv::Pacing;
use waybill_runtime::settings::{LoadFrom, Settings};
use waybill_runtime::{Shutdown, TaskGroup};
use waybill_store::tables::commands::{self, CommandFilter};
use waybill_store::tables::verifications::{self, Change, NewVerification};
use waybill_store::tables::wco_cases::{self, WcoCase};
use waybill_store::tables::wco_results::{self, WcoRow};
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder, eventually};
use waybill_vault::{Column, ScreeningColumn, Vault};

use crate::vendor::{KEY, SECRET, Vendor};

pub const OURS: VaspId = VaspId::new(15_952_089_931_162_059_995);
pub const PEER: VaspId = VaspId::new(27_372_039_731_940_770);
/// Long enough for a busy machine; no test that passes waits for it.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct House {
    pub ctx: SharedContext,
    pub clock: MockClock,
    pub vendor: Vendor,
    pub folder: TestFolder,
}

/// Settings that differ from the usual ones, by name within the section.
pub type More<'a> = &'a [(&'static str, &'a str)];

/// Looks as quickly as the machine can.
pub fn quick() -> Pacing {
    let moment = Duration::from_millis(20);
    Pacing {
        looks: vec![moment; 2],
        look_every: moment,
        lag: Duration::from_secs(600),
        unsure: Duration::from_secs(60),
        refused: moment,
        ..Pacing::default()
    }
}

impl House {
    pub async fn new() -> Self {
        Self::with(&[], quick()).await
    }

    pub async fn with(more: More<'_>, pacing: Pacing) -> Self {
        let house = Self::idle(more).await;
        waybill_refinitiv::start_with(&house.ctx, pacing);
        house
    }

    /// Without the service.
    pub async fn idle(more: More<'_>) -> Self {
        let (clock, folder) = (MockClock::default(), TestFolder::new());
        let vendor = Vendor::start(&clock).await;
        let store = StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 };
        let store = Store::open(&store).await.unwrap();
        let ctx = context(&clock, &folder, store, settings(&vendor, more)).await;
        Self { ctx, clock, vendor, folder }
    }

    /// Another process of the service over the same database.
    pub async fn another_process(&self, more: More<'_>, pacing: Pacing) -> SharedContext {
        let ctx =
            context(&self.clock, &self.folder, self.ctx.store.clone(), settings(&self.vendor, more)).await;
        waybill_refinitiv::start_with(&ctx, pacing);
        ctx
    }

    /// A verification of ours with these beneficiary persons.
    pub async fn verification(&self, byte: u8, persons: Value) -> VerificationUuid {
        self.stored(byte, OURS, PEER, json!([natural("Barnes", "Robert", json!({}))]), persons).await
    }

    pub async fn stored(
        &self,
        byte: u8,
        originating: VaspId,
        beneficiary: VaspId,
        originators: Value,
        beneficiaries: Value,
    ) -> VerificationUuid {
        let uuid = VerificationUuid::from_random([byte; 16]);
        let seal = |column, json: Value| self.ctx.vault.seal_column(uuid, column, &json.to_string());
        let new = NewVerification {
            uuid,
            asset: serde_json::from_value(asset()).unwrap(),
            originating_vasp_id: originating,
            originator_account_number: "0xorig".to_owned(),
            originator_sealed: seal(
                Column::Originator,
                json!({"originatorPersons": originators, "accountNumber": ["0xorig"]}),
            ),
            originating_vasp_sealed: seal(Column::OriginatingVasp, json!({})),
            beneficiary_vasp_id: beneficiary,
            beneficiary_account_number: "0xben".to_owned(),
            beneficiary_sealed: seal(
                Column::Beneficiary,
                json!({"beneficiaryPersons": beneficiaries, "accountNumber": ["0xben"]}),
            ),
            beneficiary_vasp_sealed: seal(Column::BeneficiaryVasp, json!({})),
            created_at: self.clock.now(),
            key_type: KeyType::PerVasp,
            payload_version: "1.0".to_owned(),
            required_beneficiary_info: "NATURAL_PERSON_NAME".to_owned(),
            expires_at: self.clock.now() + chrono::TimeDelta::minutes(10),
        };
        let write = self.ctx.store.write("test", new, |tx, new| Box::pin(verifications::insert(tx, new)));
        assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
        uuid
    }

    /// Answers a verification with `VERIFIED`.
    pub async fn verified(&self, uuid: VerificationUuid) {
        let write = self.ctx.store.write("test", uuid, |tx, uuid| {
            Box::pin(async move {
                let event = Event::Answered(Verdict::Verified);
                verifications::advance(tx, *uuid, VerificationState::WAIT, event, &Change::default()).await
            })
        });
        assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    }

    pub async fn ask(&self, uuid: VerificationUuid) -> Result<String, Fault> {
        self.ask_with(uuid, None, None).await
    }

    pub async fn ask_with(
        &self,
        uuid: VerificationUuid,
        payload: Option<Value>,
        repeatable: Option<KeepAnswer>,
    ) -> Result<String, Fault> {
        let request_name = self.ctx.request_id();
        let seal = |payload: Value| {
            self.ctx.vault.seal_request(RegisterWco::KIND, &request_name, &payload.to_string())
        };
        let payload_sealed = payload.map(seal);
        let request = RegisterWco { request_name, verification_uuid: uuid, payload_sealed, repeatable };
        let answer = self.ctx.bus.ask(&request, PATIENCE).await?;
        Ok(answer.request_id)
    }

    pub async fn row(&self, request_id: &str) -> WcoRow {
        let id = request_id.to_owned();
        let read = self.ctx.store.read("test", id, |tx, id| Box::pin(wco_results::find(tx, id)));
        read.await.unwrap_or_else(|error: StoreError| panic!("{error}")).expect("the request has a row")
    }

    pub async fn cases(&self, request_id: &str) -> Vec<WcoCase> {
        let id = request_id.to_owned();
        let read = self.ctx.store.read("test", id, |tx, id| Box::pin(wco_cases::of_request(tx, id)));
        read.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// Waits until a request has ended.
    pub async fn ended(&self, request_id: &str) -> WcoRow {
        self.until(request_id, |row| row.status.is_final()).await
    }

    pub async fn processed(&self, request_id: &str) -> WcoRow {
        let row = self.ended(request_id).await;
        assert_eq!((row.status, row.reason.as_deref()), (ScreeningStatus::Processed, None));
        row
    }

    pub async fn until(&self, request_id: &str, is_so: impl Fn(&WcoRow) -> bool) -> WcoRow {
        eventually("the request comes so far", PATIENCE, || async {
            Some(self.row(request_id).await).filter(&is_so)
        })
        .await
    }

    /// Waits until the vendor was asked this often.
    pub async fn until_asked(&self, op: crate::vendor::Op, times: usize) {
        eventually("the vendor is asked", PATIENCE, || async {
            (self.vendor.count(op) >= times).then_some(())
        })
        .await;
    }

    pub async fn callbacks(&self, uuid: VerificationUuid) -> Vec<DeliverCallback> {
        let kind = Some(DeliverCallback::KIND.to_owned());
        let filter = CommandFilter { kind, group_key: Some(uuid.to_string()), status: None };
        let read = self.ctx.store.read("test", filter, |tx, filter| Box::pin(commands::list(tx, filter, 10)));
        let rows = read.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        rows.iter().map(|row| serde_json::from_str(&row.body).unwrap()).collect()
    }

    /// The summary of a row, in clear.
    pub fn summary(&self, row: &WcoRow) -> Value {
        let sealed = row.summary_sealed.as_deref().expect("there is a summary");
        let text = self.ctx.vault.open_screening(ScreeningColumn::Summary, &row.request_id, sealed).unwrap();
        assert!(text.chars().count() <= 4096);
        serde_json::from_str(&text).unwrap()
    }

    /// What was asked about a person, in clear.
    pub fn asked(&self, case: &WcoCase) -> Value {
        let text = self
            .ctx
            .vault
            .open_screening(ScreeningColumn::CaseAsked, &case.case_id, &case.asked_sealed)
            .unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

pub fn natural(primary: &str, secondary: &str, more: Value) -> Value {
    let name =
        json!({"primaryIdentifier": primary, "secondaryIdentifier": secondary, "nameIdentifierType": "LEGL"});
    let mut person = json!({"name": {"nameIdentifier": [name]}});
    person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"naturalPerson": person})
}

pub fn legal(name: &str, country: &str) -> Value {
    let name = json!({"legalPersonName": name, "legalPersonNameIdentifierType": "LEGL"});
    json!({"legalPerson": {"name": {"nameIdentifier": [name]}, "countryOfRegistration": country}})
}

/// Taylor Robbins alone.
pub fn taylor() -> Value {
    json!([natural("Robbins", "Taylor", json!({"nationality": "KR"}))])
}

fn asset() -> Value {
    json!({
        "symbol": "ETH", "network": "Ethereum", "amount": "1.5", "isExceedingThreshold": true,
        "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": "2026-01-02T03:04:05.000Z",
    })
}

async fn context(clock: &MockClock, folder: &TestFolder, store: Store, settings: Settings) -> SharedContext {
    let entropy = SeededEntropy::new(7).shared();
    let keyring = Arc::new(Keyring::new(vec![("k".to_owned(), [7; 32])]).unwrap());
    let shutdown = Shutdown::new(Duration::from_secs(1));
    let egress = EgressOptions { failures_to_open: 1000, ..EgressOptions::default() };
    Arc::new(Context {
        own_id: OURS,
        bus: Bus::embedded(store.clone(), BusOptions::default(), clock.shared(), Arc::clone(&entropy)),
        vault: Vault::new(keyring, Arc::clone(&entropy)),
        egress: Egress::new(egress, clock.shared(), Arc::clone(&entropy)).unwrap(),
        settings,
        clock: clock.shared(),
        entropy,
        store,
        shares: Shares::default(),
        directory: directory(folder, clock.now()).await,
        networks: Arc::default(),
        identity: Identity::new(IdentityKey::from_seed(&[1; 32])),
        tasks: TaskGroup::new(shutdown.clone()),
        shutdown,
    })
}

fn settings(vendor: &Vendor, more: More<'_>) -> Settings {
    let own_id = OURS.to_string();
    let trust_root = operator().verifying_key().to_string();
    let mut env: Vec<(String, String)> = [
        ("WAYBILL__NODE__VASP_ID", &*own_id),
        ("WAYBILL__DIRECTORY__SOURCE", "directory.json"),
        ("WAYBILL__DIRECTORY__TRUST_ROOT", &trust_root),
        ("WAYBILL__IDENTITY__KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ("WAYBILL__ENCRYPTION__KEYS", "k:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ("WAYBILL__REFINITIV__URL", &vendor.url),
        ("WAYBILL__REFINITIV__API_KEY", KEY),
        ("WAYBILL__REFINITIV__API_SECRET", SECRET),
        ("WAYBILL__REFINITIV__GROUP_ID", "g1"),
        ("WAYBILL__REFINITIV__REQUESTS_PER_SECOND", "1000"),
        ("WAYBILL__REFINITIV__REUSE", "0s"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for (name, value) in more {
        let name = format!("WAYBILL__REFINITIV__{}", name.to_uppercase());
        env.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            env.push((name, (*value).to_owned()));
        }
    }
    Settings::load(LoadFrom { file: None, env: env.into_iter(), for_run: false }).unwrap().settings
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

async fn directory(folder: &TestFolder, now: Timestamp) -> DirectoryHolder {
    let time = waybill_domain::format_time;
    let document = json!({
        "version": 1, "issuedAt": time(now), "expiresAt": time(now + chrono::TimeDelta::days(100)), "members": [],
    });
    let signed = waybill_directory::sign(&serde_json::from_value(document).unwrap(), &operator()).unwrap();
    let source = DirectorySource::File(folder.write("directory.json", signed));
    DirectoryHolder::open(&source, &NoFetch, operator().verifying_key(), now, 0).await.unwrap()
}
