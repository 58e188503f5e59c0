//! A process with the service in it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use waybill_bus::{Bus, BusOptions};
use waybill_callback::{CallbackFilter, CallbackService, CallbackView, list};
use waybill_crypto::Keyring;
use waybill_domain::{
    AssetInfo, Clock as _, CommandId, Event, KeyType, VaspId, Verdict, VerificationState, VerificationUuid,
};
use waybill_egress::{Egress, EgressOptions};
use waybill_jobs::{CallbackType, DeliverCallback};
use waybill_runtime::settings::{BackendSettings, CallbackSettings};
use waybill_store::tables::callback_deliveries::{self, CallbackDelivery};
use waybill_store::tables::commands::{self, CommandStatus, NewCommand};
use waybill_store::tables::verifications::{self, Change, NewVerification, VerificationRow};
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, eventually};
use waybill_vault::{Column, Vault};

use crate::backend::Backend;

pub const SECOND: Duration = Duration::from_secs(1);
pub const HOUR: Duration = Duration::from_secs(3600);
/// No test that passes waits for it.
const PATIENCE: Duration = Duration::from_secs(20);
pub const ONE: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub const TWO: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

/// The settings that tests change.
pub struct Options {
    pub backend: BackendSettings,
    pub settings: CallbackSettings,
    pub egress: EgressOptions,
    pub bus: BusOptions,
    pub clock: MockClock,
}

impl Options {
    /// Quick retries, and a circuit breaker that stays out of the way.
    pub fn of(backend: &Backend) -> Self {
        Self {
            backend: BackendSettings {
                callback_url: Some(backend.url()),
                callback_timeout: 5 * SECOND,
                authorization_token: Some("t0ken".into()),
                ..BackendSettings::default()
            },
            settings: CallbackSettings {
                secrets: vec![ONE.into(), TWO.into()],
                retry_first: Duration::from_millis(20),
                retry_max: Duration::from_millis(40),
                ..CallbackSettings::default()
            },
            egress: EgressOptions { failures_to_open: 1000, ..EgressOptions::default() },
            bus: BusOptions { lease_check: Duration::from_millis(50), ..BusOptions::default() },
            clock: MockClock::default(),
        }
    }
}

pub struct House {
    pub store: Store,
    pub bus: Bus,
    pub vault: Vault,
    pub clock: MockClock,
}

/// A process over the database in `folder`, at work.
pub async fn house(folder: &Path, options: Options) -> House {
    let house = idle_house(folder, &options).await;
    let entropy = SeededEntropy::new(9).shared();
    let service = CallbackService {
        store: house.store.clone(),
        bus: house.bus.clone(),
        vault: house.vault.clone(),
        egress: Egress::new(options.egress, options.clock.shared(), Arc::clone(&entropy)).unwrap(),
        clock: options.clock.shared(),
        entropy,
        backend: options.backend,
        settings: options.settings,
    };
    service.work().unwrap();
    house.bus.watch_leases();
    house
}

/// The same without the service.
pub async fn idle_house(folder: &Path, options: &Options) -> House {
    let store_options = StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 };
    let store = Store::open(&store_options).await.unwrap();
    let entropy = SeededEntropy::new(3).shared();
    let bus = Bus::embedded(store.clone(), options.bus.clone(), options.clock.shared(), Arc::clone(&entropy));
    let keyring = Keyring::new(vec![("k1".to_owned(), [7; 32])]).unwrap();
    House { store, bus, vault: Vault::new(Arc::new(keyring), entropy), clock: options.clock.clone() }
}

pub fn verification(byte: u8) -> VerificationUuid {
    VerificationUuid::from_random([byte; 16])
}

pub fn callback(callback_type: CallbackType, byte: u8) -> DeliverCallback {
    DeliverCallback {
        callback_type,
        verification_uuid: verification(byte),
        webhook_id: format!("msg_{byte}_{}", callback_type.as_str()),
        result: None,
        reason: None,
        message_sealed: None,
        request_id: None,
    }
}

/// What the columns of a verification hold, by their JSON names.
pub fn ivms101() -> Value {
    json!({
        "beneficiary": {"beneficiaryPersons": [{"naturalPerson": {"name": "TAYLOR-ROBBINS"}}], "accountNumber": ["0x58"]},
        "originator": {"originatorPersons": [{"naturalPerson": {"name": "ALEX-DOE"}}], "accountNumber": ["0xce"]},
        "originatingVASP": {"originatingVASP": {"legalPerson": {"name": "OUR-VASP"}}},
        "beneficiaryVASP": {"beneficiaryVASP": {"legalPerson": {"name": "THEIR-VASP"}}},
    })
}

impl House {
    /// Stores a verification that was answered `VERIFIED`.
    pub async fn add_verified(&self, byte: u8) {
        let change = Change {
            reason: Some("OK".to_owned()),
            message_sealed: Some(self.message(byte, "WELCOME-MESSAGE")),
            ..Change::default()
        };
        let new = self.new_verification(byte);
        self.change(new, Event::Answered(Verdict::Verified), change).await;
    }

    /// Then its transaction is reported.
    pub async fn report_transaction(&self, byte: u8) {
        let transaction = Some(("0xABC".to_owned(), Some("1".to_owned())));
        let change = Change { transaction, ..Change::default() };
        self.change(self.new_verification(byte), Event::TransactionReported, change).await;
    }

    /// Adds the verification when it is not there, and takes it on from where it is.
    pub async fn change(&self, new: NewVerification, event: Event, change: Change) {
        let done = self.store.write("test", (new, event, change), |tx, (new, event, change)| {
            Box::pin(async move {
                verifications::insert(tx, new).await?;
                let row = verifications::find(tx, new.uuid).await?;
                let from: VerificationState = row.as_ref().map(VerificationRow::state).unwrap();
                verifications::advance(tx, new.uuid, from, *event, change).await
            })
        });
        assert!(done.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    }

    pub fn message(&self, byte: u8, text: &str) -> String {
        self.vault.seal_column(verification(byte), Column::Message, text)
    }

    pub fn new_verification(&self, byte: u8) -> NewVerification {
        let (uuid, now, ivms101) = (verification(byte), self.clock.now(), ivms101());
        let seal = |column, name: &str| self.vault.seal_column(uuid, column, &ivms101[name].to_string());
        NewVerification {
            uuid,
            asset: AssetInfo {
                symbol: "ETH".to_owned(),
                network: None,
                amount: "1".parse().unwrap(),
                is_exceeding_threshold: true,
                trade_price: "1000".parse().unwrap(),
                trade_currency: "USD".to_owned(),
                trade_iso_datetime: now,
            },
            originating_vasp_id: VaspId::new(1),
            originator_account_number: "0xce".to_owned(),
            originator_sealed: seal(Column::Originator, "originator"),
            originating_vasp_sealed: seal(Column::OriginatingVasp, "originatingVASP"),
            beneficiary_vasp_id: VaspId::new(2),
            beneficiary_account_number: "0x58".to_owned(),
            beneficiary_sealed: seal(Column::Beneficiary, "beneficiary"),
            beneficiary_vasp_sealed: seal(Column::BeneficiaryVasp, "beneficiaryVASP"),
            created_at: now,
            key_type: KeyType::PerVasp,
            payload_version: "1.0".to_owned(),
            required_beneficiary_info: "ACCOUNT_NUMBER".to_owned(),
            expires_at: now + 10 * 60 * SECOND,
        }
    }

    /// Puts a callback on its way, as the services do; later ones of the verification wait for it.
    pub async fn deliver(&self, callback: &DeliverCallback) -> CommandId {
        self.deliver_holding(callback, HOUR).await
    }

    pub async fn deliver_holding(&self, callback: &DeliverCallback, hold: Duration) -> CommandId {
        self.add(self.bus.command(callback).in_group(callback.verification_uuid).holding(hold)).await
    }

    pub async fn add(&self, command: NewCommand) -> CommandId {
        let id = command.id;
        let added = self.store.write("test", command, |tx, command| Box::pin(commands::insert(tx, command)));
        added.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        id
    }

    pub async fn view(&self, id: CommandId) -> CallbackView {
        let filter = CallbackFilter { status: None, verification: None, limit: 1000 };
        list(&self.store, filter).await.unwrap().into_iter().find(|view| view.id == id).unwrap()
    }

    pub async fn deliveries(&self, id: CommandId) -> Vec<CallbackDelivery> {
        let found = self.store.read("test", id, |tx, id| Box::pin(callback_deliveries::of_command(tx, *id)));
        found.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    pub async fn until(&self, id: CommandId, status: CommandStatus) -> CallbackView {
        eventually("the callback gets there", PATIENCE, async || {
            let view = self.view(id).await;
            (view.status == status).then_some(view)
        })
        .await
    }

    pub async fn until_delivered(&self, id: CommandId) -> CallbackView {
        self.until(id, CommandStatus::Done).await
    }

    /// Waits until so many attempts were logged.
    pub async fn until_attempted(&self, id: CommandId, times: usize) -> Vec<CallbackDelivery> {
        eventually("the attempts are logged", PATIENCE, async || {
            let deliveries = self.deliveries(id).await;
            (deliveries.len() >= times).then_some(deliveries)
        })
        .await
    }
}
