//! A database with rows of any age, and processes that delete.

use std::time::Duration;

use waybill_context::KeyLifetimes;
use waybill_domain::{
    AlertLevel, AssetInfo, CommandId, Direction, Event, ExposureType, KeyType, KytApiType, SanctionStatus,
    ScreeningOrigin, ScreeningStatus, Timestamp, VaspId, Verdict, VerificationState, VerificationUuid,
};
use waybill_retention::{Periods, Retention, Sweep, Tally};
use waybill_store::tables::audit::{self, AuditRow};
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::tables::kyt_alerts::{self, KytAlert};
use waybill_store::tables::kyt_results::{self, NewKyt};
use waybill_store::tables::leases;
use waybill_store::tables::sanction_results::{self, SanctionResult};
use waybill_store::tables::verifications::{self, Change, NewVerification};
use waybill_store::tables::wco_cases::{self, EntityType, WcoCase};
use waybill_store::tables::wco_results::{self, NewWco};
use waybill_store::{Store, StoreError, StoreOptions, Tx, TxFuture};
use waybill_testkit::{MockClock, TestFolder};

pub const MINUTE: Duration = Duration::from_secs(60);
pub const HOUR: Duration = Duration::from_secs(3600);
pub const DAY: Duration = Duration::from_secs(24 * 3600);
pub const KEYS: KeyLifetimes =
    KeyLifetimes { ttl: Duration::from_secs(30 * 60), deadline: Duration::from_secs(10 * 60) };
pub const KIND: &str = "CALLBACK";

pub struct House {
    pub store: Store,
    /// Far behind the database's clock: the earlier of both counts, so tests say what time it is.
    pub clock: MockClock,
    pub folder: TestFolder,
}

impl House {
    pub async fn new() -> Self {
        let folder = TestFolder::new();
        let store = open(&folder).await;
        Self { store, clock: MockClock::default(), folder }
    }

    /// A process that deletes; verifications after so many days.
    pub fn process(&self, token: &str, days: Option<u32>) -> Retention {
        Retention {
            store: self.store.clone(),
            clock: self.clock.shared(),
            token: token.to_owned(),
            periods: Periods {
                verifications: days.map(|days| DAY * days),
                done_commands: 30 * DAY,
                idempotency_keys: DAY,
                received_messages: DAY,
                keys: KEYS,
            },
            actor: "node",
        }
    }

    pub async fn write<A, T, F>(&self, args: A, work: F) -> T
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx, &'t A) -> TxFuture<'t, T, StoreError> + Send + Sync + 'static,
    {
        self.store.write("test", args, work).await.unwrap()
    }

    /// What one run deletes, whether it is due or not.
    pub async fn sweep(&self, days: Option<u32>) -> Tally {
        match self.process("one", days).sweep(true).await.unwrap() {
            Sweep::Done(deleted) => deleted,
            other => panic!("{other:?}"),
        }
    }

    /// Answered verifications of a time, each with a callback that is done; their numbers begin with `first`.
    pub async fn closed(&self, first: u32, count: u32, at: Timestamp) {
        self.write((first, count, at), |tx, (first, count, at)| {
            Box::pin(async move {
                for number in *first..first + count {
                    answered(tx, number, *at).await?;
                    callback(tx, number, i64::from(number)).await?;
                    commands::finish_group(tx, KIND, &uuid(number).to_string()).await?;
                }
                Ok(())
            })
        })
        .await;
    }

    pub async fn is_there(&self, number: u32) -> bool {
        let found =
            self.store.read("test", uuid(number), |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
        let found: Result<_, StoreError> = found.await;
        found.unwrap().is_some()
    }

    pub async fn audited(&self) -> Vec<AuditRow> {
        let rows: Result<_, StoreError> =
            self.store.read("test", (), |tx, ()| Box::pin(audit::newest(tx, 1000))).await;
        rows.unwrap()
    }

    /// The lease of a process that died is over.
    pub async fn forget_lease(&self, token: &'static str) {
        self.write((), move |tx, ()| Box::pin(leases::release(tx, "retention", token))).await;
    }
}

pub async fn open(folder: &TestFolder) -> Store {
    Store::open(&StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 }).await.unwrap()
}

pub fn uuid(number: u32) -> VerificationUuid {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    VerificationUuid::from_random(bytes)
}

pub fn verification(number: u32, at: Timestamp) -> NewVerification {
    NewVerification {
        uuid: uuid(number),
        asset: AssetInfo {
            symbol: "ETH".to_owned(),
            network: None,
            amount: "1".parse().unwrap(),
            is_exceeding_threshold: true,
            trade_price: "1".parse().unwrap(),
            trade_currency: "KRW".to_owned(),
            trade_iso_datetime: at,
        },
        originating_vasp_id: VaspId::new(1),
        originator_account_number: format!("0xOriginator{number}"),
        originator_sealed: "x".repeat(1000),
        originating_vasp_sealed: "x".repeat(500),
        beneficiary_vasp_id: VaspId::new(2),
        beneficiary_account_number: format!("0xBeneficiary{number}"),
        beneficiary_sealed: "x".repeat(1000),
        beneficiary_vasp_sealed: "x".repeat(500),
        created_at: at,
        key_type: KeyType::PerVasp,
        payload_version: "1.0".to_owned(),
        required_beneficiary_info: "ACCOUNT_NUMBER".to_owned(),
        expires_at: at + 10 * MINUTE,
    }
}

/// A verification with an answer.
pub async fn answered(tx: &mut Tx, number: u32, at: Timestamp) -> Result<(), StoreError> {
    verifications::insert(tx, &verification(number, at)).await?;
    let (from, event) = (VerificationState::WAIT, Event::Answered(Verdict::Verified));
    verifications::advance(tx, uuid(number), from, event, &Change::default()).await.map(drop)
}

/// A callback about a verification that is still to be delivered.
pub async fn callback(tx: &mut Tx, verification: u32, id: i64) -> Result<(), StoreError> {
    let at = Timestamp::UNIX_EPOCH;
    let command = NewCommand::new(CommandId::new(id), KIND, "{}".to_owned(), at);
    commands::insert(tx, &command.in_group(uuid(verification))).await
}

/// A look-up, a KYT request with an alert, and a World-Check request with a case, all with their results; or the KYT
/// request still `open`.
pub async fn assessed(tx: &mut Tx, number: u32, at: Timestamp, open: bool) -> Result<(), StoreError> {
    let (worker, kyt_id, wco_id) = ("worker", format!("kyt-{number}"), format!("wco-{number}"));
    sanction_results::insert(tx, &look_up(number, at)).await?;
    kyt_results::insert(tx, &transfer(number, &kyt_id, at)).await?;
    kyt_alerts::put(tx, &alert(number, at)).await?;
    wco_results::insert(tx, &persons(number, &wco_id, at)).await?;
    wco_cases::insert(tx, &case(&wco_id, at)).await?;
    if !open {
        kyt_results::failed(tx, &kyt_id, worker, "GONE", at).await?;
    }
    wco_results::failed(tx, &wco_id, worker, "GONE", at).await
}

fn look_up(number: u32, at: Timestamp) -> SanctionResult {
    SanctionResult {
        request_id: format!("sanction-{number}"),
        verification_uuid: uuid(number),
        counterparty_vasp_id: VaspId::new(2),
        direction: Direction::Outgoing,
        address: format!("0xBeneficiary{number}"),
        status: SanctionStatus::NoHit,
        ofac_name: None,
        ofac_description: None,
        ofac_url: None,
        reason: None,
        key_id: None,
        origin: ScreeningOrigin::Api,
        shares_request: None,
        created_at: at,
    }
}

fn transfer(number: u32, request_id: &str, at: Timestamp) -> NewKyt {
    NewKyt {
        request_id: request_id.to_owned(),
        verification_uuid: uuid(number),
        counterparty_vasp_id: VaspId::new(2),
        api_type: KytApiType::Transfer,
        user_id: "2".to_owned(),
        direction: Direction::Outgoing,
        network: None,
        asset: "ETH".to_owned(),
        amount: "1".to_owned(),
        transfer_ref: None,
        output_address: None,
        address: format!("0xBeneficiary{number}"),
        timestamp: None,
        key_id: None,
        origin: ScreeningOrigin::Api,
        external_id: Some(format!("external-{number}")),
        registered_at: Some(at),
        shares_request: None,
        traceparent: None,
        created_at: at,
        lease: Some(("worker".to_owned(), HOUR)),
    }
}

fn alert(number: u32, at: Timestamp) -> KytAlert {
    KytAlert {
        external_id: format!("external-{number}"),
        alert_id: format!("alert-{number}"),
        alert_level: AlertLevel::Low,
        entity_category: None,
        service_name: None,
        exposure_type: ExposureType::Direct,
        alert_amount: "1".to_owned(),
        created_at: at,
    }
}

fn persons(number: u32, request_id: &str, at: Timestamp) -> NewWco {
    NewWco {
        request_id: request_id.to_owned(),
        verification_uuid: uuid(number),
        counterparty_vasp_id: VaspId::new(2),
        direction: Direction::Outgoing,
        key_id: None,
        origin: ScreeningOrigin::Api,
        traceparent: None,
        created_at: at,
        lease: Some(("worker".to_owned(), HOUR)),
    }
}

fn case(request_id: &str, at: Timestamp) -> WcoCase {
    WcoCase {
        request_id: request_id.to_owned(),
        person: 0,
        case_id: format!("case-of-{request_id}"),
        case_system_id: None,
        entity_type: EntityType::Individual,
        subject_fingerprint: "f".to_owned(),
        asked_sealed: "sealed".to_owned(),
        status: ScreeningStatus::Registered,
        screening_requested_at: None,
        match_strength: None,
        total_matches: None,
        summary_sealed: None,
        shares_case: None,
        reason: None,
        assessed_at: None,
        created_at: at,
    }
}
