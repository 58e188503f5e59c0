//! A database with rows of any age, and processes that delete.

use std::time::Duration;

use waybill_context::KeyLifetimes;
use waybill_domain::{
    AssetInfo, CommandId, Event, KeyType, Timestamp, VaspId, Verdict, VerificationState, VerificationUuid,
};
use waybill_retention::{Periods, Retention, Sweep, Tally};
use waybill_store::tables::audit::{self, AuditRow};
use waybill_store::tables::commands::{self, NewCommand};
use waybill_store::tables::leases;
use waybill_store::tables::verifications::{self, Change, NewVerification};
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
