//! A node without its neighbours: database, bus, directory, and the listener under test.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;
use waybill_context::SharedContext;
use waybill_crypto::EncryptionPublicKey;
use waybill_domain::{
    Clock as _, Event, KeyType, Role, VaspId, VerificationState, VerificationUuid, format_time,
};
use waybill_jobs::{Command, OwnKey};
use waybill_protocol::messages::Sealed;
use waybill_protocol::{
    Exchange, Part, ProtocolVersion, SealContext, open_message, seal_message, verify_response,
};
use waybill_store::StoreError;
use waybill_store::tables::audit::AuditRow;
use waybill_store::tables::commands::{self, CommandFilter, CommandRow, CommandStatus};
use waybill_store::tables::verifications::{self, Change, NewVerification, VerificationRow};
use waybill_store::tables::{audit, own_keys};
use waybill_testkit::{MockClock, TestFolder, eventually};
use waybill_vault::Column;

use crate::backend::StubBackend;
use crate::fixture::*;
use crate::letter::Letter;
use crate::member::Member;
use crate::setup::context;
use crate::stub_keys::{self, StubKeys};

/// Long enough for a busy machine; no test that passes waits for it.
pub const PATIENCE: Duration = Duration::from_secs(20);
const TEN_MINUTES: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

pub struct House {
    pub ctx: SharedContext,
    pub clock: MockClock,
    pub backend: StubBackend,
    pub robot: Member,
    pub router: Router,
    _folder: TestFolder,
}

/// A response that was checked to be ours.
#[derive(Debug)]
pub struct Heard {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub signed: bool,
}

impl Heard {
    #[track_caller]
    pub fn refuses(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), &self.body["code"]), (status, &json!(code)), "{:?}", self.body);
        let text = self.body.to_string();
        assert!(!text.contains("Taylor") && !text.contains(ADDRESS), "{text}");
    }

    #[track_caller]
    pub fn acknowledges(&self) {
        assert_eq!((self.status.as_u16(), &self.body), (200, &json!({"result": true})));
    }
}

/// What must not change by a refusal.
pub type Snapshot = (Vec<String>, Vec<String>);

impl House {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With these settings besides. Workers are not started: [`House::start`].
    pub async fn with(settings: &[(&'static str, &'static str)]) -> Self {
        let (clock, folder) = (MockClock::default(), TestFolder::new());
        let (backend, robot) = (StubBackend::start().await, Member::start(&clock).await);
        let ctx = context(&clock, &folder, &backend, &robot, settings).await;
        ctx.bus.serve::<OwnKey, _>(StubKeys(Arc::clone(&ctx)), 8);
        let router = waybill_counterparty::router(&ctx);
        Self { ctx, clock, backend, robot, router, _folder: folder }
    }

    /// Starts the workers.
    pub fn start(&self) {
        waybill_counterparty::start(&self.ctx);
        self.ctx.bus.watch_leases();
    }

    /// So many seconds from now.
    pub fn in_seconds(&self, seconds: i64) -> Value {
        json!(format_time(self.clock.now() + chrono::TimeDelta::seconds(seconds)))
    }

    pub fn message_id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.ctx.random()).into_uuid()
    }

    pub fn letter(&self, sender: VaspId, message: &str, body: &Value) -> Letter {
        Letter::new(sender, message, self.message_id(), self.clock.now(), body)
    }

    pub async fn tell(&self, sender: VaspId, message: &str, body: &Value) -> Heard {
        self.send(&self.letter(sender, message, body)).await
    }

    pub async fn send(&self, letter: &Letter) -> Heard {
        let (request, exchange) = letter.request(|_, _| {});
        self.call(request, exchange).await
    }

    /// Sends it changed after it was signed.
    pub async fn send_tampered(
        &self,
        letter: &Letter,
        tamper: impl FnOnce(&mut HeaderMap, &mut String),
    ) -> Heard {
        let (request, exchange) = letter.request(tamper);
        self.call(request, exchange).await
    }

    pub async fn call(&self, request: Request<Body>, exchange: Option<Exchange>) -> Heard {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let key = identity(OURS).verifying_key();
        let find_key = |id, key_id: &str| (id == OURS && key.key_id() == key_id).then_some(key);
        let signed = exchange.is_some_and(|mut exchange| {
            exchange.recipient = OURS; // whoever was meant, it is us who answer
            let now = self.clock.now();
            verify_response(&exchange, parts.status, &parts.headers, &bytes, find_key, now).is_ok()
        });
        let body = serde_json::from_slice(&bytes).unwrap();
        Heard { status: parts.status, headers: parts.headers, body, signed }
    }

    // Sealed payloads.

    pub fn context(&self, letter: &Letter, message: &str, about: Option<VerificationUuid>) -> SealContext {
        SealContext {
            version: ProtocolVersion::CURRENT,
            message: message.parse().unwrap(),
            part: Part::Request,
            sender: letter.sender,
            recipient: letter.recipient,
            message_id: letter.message_id,
            verification: about,
        }
    }

    /// A letter with a payload sealed to a new key of ours.
    pub async fn sealed_letter(
        &self,
        sender: VaspId,
        message: &str,
        about: Option<VerificationUuid>,
        key_type: KeyType,
        mut body: Value,
        payload: &Value,
    ) -> Letter {
        let mut letter = self.letter(sender, message, &json!({}));
        let key = stub_keys::make(&self.ctx, key_type).await;
        let public_key = EncryptionPublicKey::parse(&key.public_key).unwrap();
        let context = self.context(&letter, message, about);
        let sealed = seal_message(&context, &key.key_id, &public_key, payload, &*self.ctx.entropy).unwrap();
        body["sealed"] = serde_json::to_value(sealed).unwrap();
        letter.body = body.to_string();
        letter
    }

    pub fn reply_key(&self) -> Value {
        let public = &self.robot.reply_key.public;
        json!({"keyId": "robot-key", "publicKey": public.to_string()})
    }

    /// Opens the sealed answer to a letter.
    pub fn open(
        &self,
        letter: &Letter,
        message: &str,
        about: Option<VerificationUuid>,
        heard: &Heard,
    ) -> Value {
        assert_eq!(heard.status, StatusCode::OK, "{:?}", heard.body);
        let sealed: Sealed = serde_json::from_value(heard.body["sealed"].clone()).unwrap();
        assert_eq!(sealed.key_id, "robot-key");
        let context = self.context(letter, message, about).response();
        open_message(&context, &self.robot.reply_key.private, &sealed).unwrap()
    }

    /// The question of a verification.
    pub async fn question(&self, sender: VaspId, uuid: VerificationUuid, payload: &Value) -> Letter {
        self.question_with(sender, uuid, payload, |_| {}).await
    }

    pub async fn question_with(
        &self,
        sender: VaspId,
        uuid: VerificationUuid,
        payload: &Value,
        change: impl FnOnce(&mut Value),
    ) -> Letter {
        let mut body = json!({
            "verificationUuid": uuid, "keyType": "PerVasp", "assetInfo": asset(),
            "expiresAt": format_time(self.clock.now() + TEN_MINUTES), "requiredBeneficiaryInfo": ASKED,
            "replyKey": self.reply_key(),
        });
        change(&mut body);
        let key_type = serde_json::from_value(body["keyType"].clone()).unwrap();
        self.sealed_letter(sender, "verifications", Some(uuid), key_type, body, payload).await
    }

    // State.

    /// Stores a verification between the robot and us that waits.
    pub async fn waiting(&self, uuid: VerificationUuid, our_role: Role) {
        let new = self.new_verification(uuid, our_role);
        let write = self.ctx.store.write("test", new, |tx, new| Box::pin(verifications::insert(tx, new)));
        assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    }

    pub async fn advance(
        &self,
        uuid: VerificationUuid,
        from: VerificationState,
        event: Event,
        change: Change,
    ) {
        let write = self.ctx.store.write("test", (uuid, change), move |tx, (uuid, change)| {
            Box::pin(verifications::advance(tx, *uuid, from, event, change))
        });
        assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    }

    pub fn new_verification(&self, uuid: VerificationUuid, our_role: Role) -> NewVerification {
        let seal = |column, json: Value| self.ctx.vault.seal_column(uuid, column, &json.to_string());
        let (originating, beneficiary_vasp) = match our_role {
            Role::Originator => (OURS, ROBOT),
            Role::Beneficiary => (ROBOT, OURS),
        };
        NewVerification {
            uuid,
            asset: serde_json::from_value(asset()).unwrap(),
            originating_vasp_id: originating,
            originator_account_number: "0xorig".to_owned(),
            originator_sealed: seal(Column::Originator, originator()),
            originating_vasp_sealed: seal(Column::OriginatingVasp, json!({"originatingVASP": {}})),
            beneficiary_vasp_id: beneficiary_vasp,
            beneficiary_account_number: ADDRESS.to_owned(),
            beneficiary_sealed: seal(Column::Beneficiary, beneficiary(ADDRESS)),
            beneficiary_vasp_sealed: seal(Column::BeneficiaryVasp, json!({"beneficiaryVASP": {}})),
            created_at: self.clock.now(),
            key_type: KeyType::PerVasp,
            payload_version: "1.0".to_owned(),
            required_beneficiary_info: ASKED.to_owned(),
            expires_at: self.clock.now() + TEN_MINUTES,
        }
    }

    pub async fn row(&self, uuid: VerificationUuid) -> Option<VerificationRow> {
        let read = self.ctx.store.read("test", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
        read.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// Result and reason.
    pub async fn ended(&self, uuid: VerificationUuid) -> (String, Option<String>) {
        let row = self.row(uuid).await.unwrap();
        (row.result.to_string(), row.reason)
    }

    pub fn message(&self, row: &VerificationRow) -> Option<String> {
        let sealed = row.message_sealed.as_ref()?;
        Some(self.ctx.vault.open_column(row.uuid, Column::Message, sealed).unwrap().to_string())
    }

    pub fn column(&self, row: &VerificationRow, column: Column, sealed: &str) -> Value {
        serde_json::from_str(&self.ctx.vault.open_column(row.uuid, column, sealed).unwrap()).unwrap()
    }

    /// Commands of one kind about a verification, newest first.
    pub async fn commands<C: Command>(&self, uuid: VerificationUuid) -> Vec<CommandRow> {
        let filter =
            CommandFilter { kind: Some(C::KIND.to_owned()), group_key: Some(uuid.to_string()), status: None };
        let read = self.ctx.store.read("test", filter, |tx, filter| Box::pin(commands::list(tx, filter, 20)));
        read.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// The one callback of a verification.
    pub async fn callback(&self, uuid: VerificationUuid) -> waybill_jobs::DeliverCallback {
        let callbacks = self.commands::<waybill_jobs::DeliverCallback>(uuid).await;
        assert_eq!(callbacks.len(), 1, "one callback");
        serde_json::from_str(&callbacks[0].body).unwrap()
    }

    pub async fn until<C: Command>(
        &self,
        uuid: VerificationUuid,
        attempts: u32,
        status: CommandStatus,
    ) -> CommandRow {
        eventually("the command comes to its status", PATIENCE, || async {
            let command = self.commands::<C>(uuid).await.pop()?;
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

    pub async fn own_key(&self, key_id: &str) -> Option<own_keys::OwnKey> {
        let key_id = key_id.to_owned();
        let read =
            self.ctx.store.read("test", key_id, |tx, key_id| Box::pin(own_keys::by_key_id(tx, key_id)));
        read.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// The audit, newest first.
    pub async fn audited(&self) -> Vec<AuditRow> {
        let read = self.ctx.store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 1000)));
        read.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// Codes of audited refusals with who sent them, newest first.
    pub async fn audited_refusals(&self) -> Vec<(String, String)> {
        let refusals = self.audited().await.into_iter().filter(|entry| entry.event == "PEER-REFUSED");
        let code = |detail: &str| {
            serde_json::from_str::<Value>(detail).unwrap()["code"].as_str().unwrap().to_owned()
        };
        refusals.map(|entry| (code(&entry.detail), entry.actor)).collect()
    }

    /// All verifications among `uuids`, and all commands.
    pub async fn snapshot(&self, uuids: &[VerificationUuid]) -> Snapshot {
        let mut rows = Vec::new();
        for uuid in uuids {
            rows.push(self.row(*uuid).await.map_or_else(
                || "none".to_owned(),
                |row| {
                    let times = (row.verified_at, row.ordered_at, row.error_reported_at);
                    let texts =
                        (&row.reason, &row.message_sealed, &row.beneficiary_sealed, &row.tx_hash, &row.vout);
                    format!("{} {:?} {times:?} {texts:?}", row.uuid, row.result)
                },
            ));
        }
        let all = CommandFilter::default();
        let read = self.ctx.store.read("test", all, |tx, filter| Box::pin(commands::list(tx, filter, 100)));
        let commands = read.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        (rows, commands.iter().map(|it| format!("{it:?}")).collect())
    }

    /// Replaces the directory by one that has expired.
    pub async fn let_the_directory_expire(&self) {
        self.clock.advance(Duration::from_secs(86_400));
        assert!(self.ctx.directory.current().is_expired(self.clock.now()));
    }
}
