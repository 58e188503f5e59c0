//! A node's private API in a test: real store, bus and vault, a clock that stands still, three members.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use http::request::Builder;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use waybill_bus::{Bus, BusOptions};
use waybill_context::{Context, Identity, SharedContext, Shares};
use waybill_crypto::{IdentityKey, Keyring};
use waybill_directory::{DirectoryHolder, DirectorySource, Document, FetchDirectory, FetchError, sign};
use waybill_domain::{Clock, Event, SharedClock, Timestamp, Verdict, VerificationState, parse_time};
use waybill_egress::{Egress, EgressOptions};
use waybill_openapi::check::Checker;
use waybill_runtime::settings::{LoadFrom, Settings};
use waybill_runtime::{Shutdown, TaskGroup};
use waybill_store::tables::audit;
use waybill_store::tables::commands::{self, ClaimedCommand, CommandFilter, CommandRow};
use waybill_store::tables::verifications::{self, Change, NewVerification, VerificationRow};
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder};
use waybill_vault::{Column, Vault};

use crate::{api_keys, router};

pub(crate) const OURS: &str = "15952089931162059995";
pub(crate) const ROBOT: &str = "27372039731940770";
pub(crate) const INACTIVE: &str = "3";
pub(crate) const STRANGER: &str = "4";

/// The directory expires this long after the clock's start.
pub(crate) const DIRECTORY_LIFE: Duration = Duration::from_secs(24 * 3600);

/// A body of `POST /v1/verifications` that is accepted.
pub(crate) fn verification() -> Value {
    json!({
        "keyType": "PerVasp",
        "beneficiaryVaspId": ROBOT,
        "assetInfo": {
            "symbol": "ETH", "network": "Ethereum", "amount": "1.50", "isExceedingThreshold": true,
            "tradePrice": "2500000", "tradeCurrency": "KRW", "tradeISODatetime": "2022-03-03T21:52:08.092Z"
        },
        "requiredBeneficiaryInfo": "NATURAL_PERSON_NAME,ACCOUNT_NUMBER",
        "payload": { "version": "1.0", "ivms101": {
            "originator": { "originatorPersons": [person("Barnes", "Robert")], "accountNumber": ["0x61c5d1cd7d5ff8bd"] },
            "beneficiary": {
                "beneficiaryPersons": [person("Taylor", "Robbins")],
                "accountNumber": ["0x5811001506550d8356a215be229c15b6ef371a9b"]
            }
        } }
    })
}

pub(crate) fn person(primary: &str, secondary: &str) -> Value {
    json!({ "naturalPerson": { "name": { "nameIdentifier": [
        { "primaryIdentifier": primary, "secondaryIdentifier": secondary, "nameIdentifierType": "LEGL" }
    ] } } })
}

/// The API of one node.
pub(crate) struct Api {
    pub(crate) ctx: SharedContext,
    pub(crate) clock: MockClock,
    router: Router,
    _folder: TestFolder,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = TestFolder::new();
        let clock = MockClock::default();
        let mut settings = settings();
        change(&mut settings);
        let ctx = Arc::new(context(settings, &folder, &clock).await);
        Self { router: router(&ctx, Vec::new()), ctx, clock, _folder: folder }
    }

    pub(crate) fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(crate) async fn get_as(&self, key: &str, path: &str) -> Answer {
        self.send(Request::get(path).header("x-api-key", key), Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, &[], body).await
    }

    pub(crate) async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let request = Request::post(path).header("content-type", "application/json");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request, body.to_string().into()).await
    }

    pub(crate) async fn send(&self, request: Builder, body: Body) -> Answer {
        let request = request.body(body).unwrap();
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        let answer = Answer { status: parts.status.as_u16(), headers: parts.headers, text };
        is_described(&method, &path, &answer);
        answer
    }

    /// Makes an API key that is known at once.
    pub(crate) async fn make_key(&self, scopes: &str) -> String {
        let Context { store, clock, entropy, .. } = &*self.ctx;
        let token =
            api_keys::create(store, &**clock, &**entropy, "test", scopes.parse().unwrap()).await.unwrap();
        self.clock.advance(Duration::from_secs(5));
        token.expose().to_owned()
    }

    /// A verification of ours that is not answered; gives its uuid.
    pub(crate) async fn verification(&self) -> String {
        let answer = self.post("/v1/verifications", &verification()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["verificationUuid"].as_str().unwrap().to_owned()
    }

    /// A verification of ours that the counterparty confirmed.
    pub(crate) async fn verified(&self) -> String {
        let uuid = self.verification().await;
        self.answer_verified(&uuid).await;
        uuid
    }

    /// A verification of ours that the counterparty denied.
    pub(crate) async fn denied(&self, message: &str) -> String {
        let uuid = self.verification().await;
        let message = self.ctx.vault.seal_column(uuid.parse().unwrap(), Column::Message, message);
        let reason = Some("NOT-ALLOWED".to_owned());
        let change = Change { reason, message_sealed: Some(message), ..Change::default() };
        self.advance(&uuid, Verdict::Denied, change).await;
        uuid
    }

    pub(crate) async fn answer_verified(&self, uuid: &str) {
        let change = Change { reason: Some("OK".to_owned()), ..Change::default() };
        self.advance(uuid, Verdict::Verified, change).await;
    }

    async fn advance(&self, uuid: &str, verdict: Verdict, change: Change) {
        let work = (uuid.parse().unwrap(), Event::Answered(verdict), change);
        let done = self.ctx.store.write("test", work, |tx, (uuid, event, change)| {
            Box::pin(verifications::advance(tx, *uuid, VerificationState::WAIT, *event, change))
        });
        let done: Result<bool, StoreError> = done.await;
        assert!(done.unwrap());
    }

    /// A verification that another VASP, or we ourselves, asked of us; gives its uuid.
    pub(crate) async fn received_from(&self, vasp: &str) -> String {
        let uuid = self.ctx.new_uuid();
        let asset = verification()["assetInfo"].clone();
        let now = self.clock.now();
        let sealed = |column| self.ctx.vault.seal_column(uuid, column, "{}");
        let new = NewVerification {
            uuid,
            asset: serde_json::from_value(asset).unwrap(),
            originating_vasp_id: vasp.parse().unwrap(),
            originator_account_number: "theirs".to_owned(),
            originator_sealed: sealed(Column::Originator),
            originating_vasp_sealed: sealed(Column::OriginatingVasp),
            beneficiary_vasp_id: OURS.parse().unwrap(),
            beneficiary_account_number: "ours".to_owned(),
            beneficiary_sealed: sealed(Column::Beneficiary),
            beneficiary_vasp_sealed: sealed(Column::BeneficiaryVasp),
            created_at: now,
            key_type: "PerVasp".parse().unwrap(),
            payload_version: "1.0".to_owned(),
            required_beneficiary_info: "ACCOUNT_NUMBER".to_owned(),
            expires_at: now,
        };
        let inserted = self.ctx.store.write("test", new, |tx, new| Box::pin(verifications::insert(tx, new)));
        let inserted: Result<bool, StoreError> = inserted.await;
        assert!(inserted.unwrap());
        uuid.to_string()
    }

    pub(crate) async fn row(&self, uuid: &str) -> VerificationRow {
        let found = self
            .ctx
            .store
            .read("test", uuid.parse().unwrap(), |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
        let found: Result<_, StoreError> = found.await;
        found.unwrap().unwrap()
    }

    /// All commands of a kind.
    pub(crate) async fn commands(&self, kind: &'static str) -> Vec<CommandRow> {
        let filter = CommandFilter { kind: Some(kind.to_owned()), ..CommandFilter::default() };
        let rows =
            self.ctx.store.read("test", filter, |tx, filter| Box::pin(commands::list(tx, filter, 1000)));
        let rows: Result<_, StoreError> = rows.await;
        rows.unwrap()
    }

    /// The commands of a kind that are due, as a worker gets them.
    pub(crate) async fn claim(&self, kind: &'static str) -> Vec<ClaimedCommand> {
        let work = (kind, self.ctx.bus.lease(Duration::from_secs(60)));
        let claimed = self
            .ctx
            .store
            .write("test", work, |tx, (kind, lease)| Box::pin(commands::claim(tx, kind, 10, lease)));
        let claimed: Result<_, StoreError> = claimed.await;
        claimed.unwrap()
    }

    /// Ends the due commands of a kind without success.
    pub(crate) async fn give_up(&self, kind: &'static str) {
        for command in self.claim(kind).await {
            let failed = self
                .ctx
                .store
                .write("test", command, |tx, command| Box::pin(commands::fail(tx, command, "refused")));
            let failed: Result<(), StoreError> = failed.await;
            failed.unwrap();
        }
    }

    /// Event and subject of the audit entries, newest first.
    pub(crate) async fn audited(&self) -> Vec<(String, Option<String>)> {
        let rows = self.ctx.store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 1000)));
        let rows: Result<_, StoreError> = rows.await;
        rows.unwrap().into_iter().map(|row| (row.event, row.subject)).collect()
    }
}

/// Every answer in every test is one that the description allows.
#[track_caller]
fn is_described(method: &str, path: &str, answer: &Answer) {
    static CHECKER: LazyLock<Checker> = LazyLock::new(|| Checker::new(&crate::description(Vec::new())));
    if path.starts_with("/docs") {
        return; // pages, not part of the API
    }
    let checked = CHECKER.answer(method, path, answer.status, &answer.json());
    checked.unwrap_or_else(|why| panic!("{method} {path}, {}: {why}\n{}", answer.status, answer.text));
}

/// What a caller got.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Asserts that it is a refusal in our shape.
    #[track_caller]
    pub(crate) fn refuses(&self, status: u16, code: &str) {
        let body = self.json();
        assert_eq!((self.status, body["code"].as_str()), (status, Some(code)), "{}", self.text);
        assert!(body["message"].is_string(), "{}", self.text);
        assert_eq!(body.as_object().unwrap().len(), 2, "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/json"));
    }
}

/// The key that signs the directory.
fn operator() -> IdentityKey {
    IdentityKey::from_seed(&[9; 32])
}

fn settings() -> Settings {
    let trust_root = operator().verifying_key().to_string();
    let env = [
        ("WAYBILL__NODE__VASP_ID", OURS),
        ("WAYBILL__DIRECTORY__SOURCE", "unused"),
        ("WAYBILL__DIRECTORY__TRUST_ROOT", &trust_root),
        ("WAYBILL__IDENTITY__KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("WAYBILL__ENCRYPTION__KEYS", "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ];
    let env = env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Settings::load(LoadFrom { file: None, env, for_run: false }).unwrap().settings
}

async fn context(settings: Settings, folder: &TestFolder, clock: &MockClock) -> Context {
    let options = StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 };
    let store = Store::open(&options).await.unwrap();
    let entropy = SeededEntropy::new(1).shared();
    let shared_clock: SharedClock = clock.shared();
    let keyring = Keyring::new(vec![("k1".to_owned(), [7; 32])]).unwrap();
    let shutdown = Shutdown::new(Duration::from_secs(1));
    Context {
        own_id: settings.node.vasp_id,
        bus: Bus::embedded(
            store.clone(),
            BusOptions::default(),
            Arc::clone(&shared_clock),
            Arc::clone(&entropy),
        ),
        egress: Egress::new(EgressOptions::default(), Arc::clone(&shared_clock), Arc::clone(&entropy))
            .unwrap(),
        vault: Vault::new(Arc::new(keyring), Arc::clone(&entropy)),
        directory: directory(folder, clock.now()).await,
        networks: Arc::default(),
        identity: Identity::new(IdentityKey::generate(&*entropy)),
        tasks: TaskGroup::new(shutdown.clone()),
        shutdown,
        settings,
        clock: shared_clock,
        entropy,
        store,
        shares: Shares::default(),
    }
}

async fn directory(folder: &TestFolder, now: Timestamp) -> DirectoryHolder {
    let members =
        [member(OURS, "Our VASP", true), member(ROBOT, "Robot", true), member(INACTIVE, "Idle", false)];
    let document: Document = serde_json::from_value(json!({
        "version": 1, "issuedAt": waybill_domain::format_time(now),
        "expiresAt": waybill_domain::format_time(now + DIRECTORY_LIFE), "members": members
    }))
    .unwrap();
    let path = folder.write("directory.json", sign(&document, &operator()).unwrap());
    let source = DirectorySource::File(path);
    DirectoryHolder::open(&source, &NoFetch, operator().verifying_key(), now, 0).await.unwrap()
}

fn member(id: &str, name: &str, active: bool) -> Value {
    let joined = waybill_domain::format_time(parse_time("2026-01-01T00:00:00Z").unwrap());
    let legal_name = if name.ends_with("VASP") { format!("{name} Ltd") } else { format!("{name} VASP Ltd") };
    json!({
        "vaspId": id, "vaspName": name, "vaspStatus": "VERIFIED-MEMBER", "active": active,
        "legalPerson": { "legalPerson": { "name": { "nameIdentifier": [
            { "legalPersonName": legal_name, "legalPersonNameIdentifierType": "LEGL" }
        ] } } },
        "jurisdiction": "Singapore", "country": "Singapore", "countryCode": "SG", "licensedStatus": "Regulated",
        "endpoint": "https://vasp.example", "identityKeys": [], "protocols": ["ALLIANCE"],
        "createdAt": joined, "updatedAt": joined
    })
}

struct NoFetch;

#[async_trait]
impl FetchDirectory for NoFetch {
    async fn fetch(&self, _: &url::Url) -> Result<Vec<u8>, FetchError> {
        Err(FetchError("the test has a file".to_owned()))
    }
}
