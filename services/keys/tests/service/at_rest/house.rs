//! Nodes with a keyring file each, over one database.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use waybill_crypto::{EncryptionKeyPair, IdentityKey, Keyring};
use waybill_domain::{
    AssetInfo, Clock as _, Direction, KeyType, ScreeningOrigin, ScreeningStatus, VaspId, VerificationUuid,
};
use waybill_egress::{Egress, EgressOptions};
use waybill_keys::at_rest::operate::{self, Added, Overview, Retired, Ring, Rotated};
use waybill_keys::at_rest::{AtRest, AtRestError, Farewell, Resealer, Watch};
use waybill_runtime::Shutdown;
use waybill_runtime::settings::{LoadFrom, Settings};
use waybill_store::tables::keyring::nodes::Spans;
use waybill_store::tables::own_keys::{self, OwnKey};
use waybill_store::tables::verifications::{self, NewVerification, VerificationRow};
use waybill_store::tables::wco_cases::{self, EntityType, WcoCase};
use waybill_store::tables::wco_results::{self, NewWco, Screened};
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder, eventually};
use waybill_vault::{Column, ScreeningColumn, Vault};

pub const K1: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub const SOON: Duration = Duration::from_secs(30);
const NO_TIME: Duration = Duration::ZERO;

/// Another key, without its name.
pub const K2_KEY: &str = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

/// Waits for what other tasks do.
pub async fn soon<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    eventually(what, SOON, look).await
}

/// A node: its files, what it seals with, and its work in the background.
pub struct Node {
    pub settings: Settings,
    pub store: Store,
    pub vault: Vault,
    shutdown: Shutdown,
    work: Vec<tokio::task::JoinHandle<()>>,
    farewell: Farewell,
}

/// Settings of a node with its own folder below `folder`.
pub fn settings(folder: &TestFolder, name: &str, more: &[(&str, &str)]) -> Settings {
    let data = folder.join(name);
    std::fs::create_dir_all(&data).unwrap();
    let identity = IdentityKey::generate(&SeededEntropy::new(1));
    let mut env: Vec<(String, String)> = [
        ("NODE__VASP_ID", "1".to_owned()),
        ("NODE__DATA_DIR", data.display().to_string()),
        ("DIRECTORY__SOURCE", "directory.json".to_owned()),
        ("DIRECTORY__TRUST_ROOT", identity.verifying_key().to_string()),
        ("IDENTITY__KEY", identity.to_text().to_string()),
        ("ENCRYPTION__KEYRING_FILE", data.join("keyring").display().to_string()),
        ("ENCRYPTION__KEYRING_POLL", "10ms".to_owned()),
    ]
    .map(|(name, value)| (format!("WAYBILL__{name}"), value))
    .to_vec();
    env.extend(more.iter().map(|(name, value)| (format!("WAYBILL__{name}"), (*value).to_owned())));
    Settings::load(LoadFrom { file: None, env: env.into_iter(), for_run: false }).unwrap().settings
}

/// Writes a file that only its owner may read.
pub fn write_private(path: &Path, text: &str) {
    let half = path.with_extension("half");
    std::fs::write(&half, text).unwrap();
    std::fs::set_permissions(&half, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::rename(half, path).unwrap();
}

pub fn egress() -> Egress {
    let (clock, entropy) = (MockClock::default().shared(), SeededEntropy::new(5).shared());
    Egress::new(EgressOptions::default(), clock, entropy).unwrap()
}

pub async fn store(folder: &TestFolder) -> Store {
    Store::open(&StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 }).await.unwrap()
}

impl Node {
    /// Starts a node whose file holds `keyring`.
    pub async fn start(folder: &TestFolder, name: &str, seed: u64, keyring: &str) -> Self {
        let settings = settings(folder, name, &[]);
        write_private(settings.encryption.keyring_file.as_ref().unwrap(), keyring);
        Self::start_with(folder, settings, seed).await.unwrap()
    }

    pub async fn start_with(folder: &TestFolder, settings: Settings, seed: u64) -> Result<Self, AtRestError> {
        let store = store(folder).await;
        let (clock, entropy) = (MockClock::default(), SeededEntropy::new(seed).shared());
        let (vault, at_rest) =
            AtRest::open(&settings, &store, &egress(), Arc::clone(&entropy), clock.now()).await?;
        let (changed, shutdown) = (Arc::new(Notify::new()), Shutdown::new(SOON));
        let watch = Watch::new(store.clone(), vault.clone(), at_rest, Arc::clone(&changed));
        let farewell = watch.farewell();
        let resealer = Resealer {
            store: store.clone(),
            vault: vault.clone(),
            clock: clock.shared(),
            token: format!("node-{seed}"),
            batch: 3,
            share: 100,
            spans: Spans { live: Duration::from_secs(60), settled: Duration::from_millis(20) },
            changed,
        };
        let poll = settings.encryption.keyring_poll;
        let work = vec![
            tokio::spawn(watch.run(poll, shutdown.clone())),
            tokio::spawn(resealer.run(shutdown.clone())),
        ];
        Ok(Self { settings, store, vault, shutdown, work, farewell })
    }

    /// Ends what it does in the background, as a node does that still finishes what others began.
    pub async fn end_work(&mut self) {
        self.shutdown.begin();
        for task in self.work.drain(..) {
            task.await.unwrap();
        }
    }

    pub async fn stop(mut self) -> Settings {
        self.end_work().await;
        self.farewell.say().await;
        self.store.close().await;
        self.settings
    }

    pub fn file(&self) -> PathBuf {
        self.settings.encryption.keyring_file.clone().unwrap()
    }

    pub fn ring(&self) -> Ring<'_> {
        Ring { settings: &self.settings }
    }

    pub fn sealing(&self) -> String {
        self.vault.keyring().sealing_key_name().to_owned()
    }

    pub async fn add(&self, name: Option<&str>) -> Result<Added, AtRestError> {
        let (clock, entropy) = (MockClock::default(), SeededEntropy::new(77));
        operate::add(&self.ring(), &self.store, &egress(), &clock, &entropy, name, None).await
    }

    pub async fn rotate(&self, name: Option<&str>) -> Result<Rotated, AtRestError> {
        operate::rotate(&self.ring(), &self.store, &MockClock::default(), name, false, NO_TIME).await
    }

    pub async fn retire(&self, name: &str) -> Result<Retired, AtRestError> {
        self.retire_with(name, false).await
    }

    pub async fn retire_with(&self, name: &str, abandon: bool) -> Result<Retired, AtRestError> {
        let (clock, entropy) = (MockClock::default(), SeededEntropy::new(78).shared());
        operate::retire(&self.ring(), &self.store, &egress(), &clock, entropy, name, abandon).await
    }

    pub async fn overview(&self) -> Overview {
        operate::overview(&self.ring(), &self.store).await.unwrap()
    }

    /// How many stored values a key has sealed.
    pub async fn values(&self, name: &str) -> u64 {
        self.overview().await.keys.iter().find(|key| key.name == name).map_or(0, |key| key.values)
    }

    /// Waits until everything is sealed again with a key.
    pub async fn until_resealed(&self, name: &str) {
        soon(&format!("all is sealed with {name}"), async || {
            let progress = self.overview().await.resealing?;
            (progress.key_name == name && progress.finished_at.is_some()).then_some(())
        })
        .await;
    }

    /// Waits until this node's ring has these keys, the sealing one first.
    pub async fn until_ring(&self, names: &[&str]) {
        soon(&format!("the ring is {names:?}"), async || {
            self.vault.keyring().names().eq(names.iter().copied()).then_some(())
        })
        .await;
    }

    /// Stores a verification and a private key, sealed by this node.
    pub async fn fill(&self, number: u8) {
        fill_store(&self.store, &self.vault, number).await;
    }

    /// Opens what [`Node::fill`] stored.
    pub async fn opens(&self, number: u8) {
        let row = self.verification(number).await;
        let sealed = [
            (Column::Originator, &row.originator_sealed),
            (Column::OriginatingVasp, &row.originating_vasp_sealed),
            (Column::Beneficiary, &row.beneficiary_sealed),
            (Column::BeneficiaryVasp, &row.beneficiary_vasp_sealed),
        ];
        for (column, sealed) in sealed {
            let opened = self.vault.open_column(row.uuid, column, sealed).unwrap();
            assert_eq!(*opened, text(number, column));
        }
        let key_id = pair(number).public.key_id();
        let found = self.store.read("test", key_id.clone(), |tx, id| Box::pin(own_keys::by_key_id(tx, id)));
        let key: Option<OwnKey> = found.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        let opened = self.vault.open_private_key(&key_id, &key.unwrap().private_key_sealed).unwrap();
        assert_eq!(opened.public(), pair(number).public);
        self.opens_screening(number).await;
    }

    async fn opens_screening(&self, number: u8) {
        let id = request_id(number);
        let found = self.store.read("test", id, |tx, id| {
            Box::pin(
                async move { Ok((wco_results::find(tx, id).await?, wco_cases::of_request(tx, id).await?)) },
            )
        });
        let (result, cases) = found.await.unwrap_or_else(|error: StoreError| panic!("{error}"));
        let [case] = &cases[..] else { panic!("{} cases", cases.len()) };
        for (column, name, sealed) in [
            (ScreeningColumn::Summary, request_id(number), &result.unwrap().summary_sealed.unwrap()),
            (ScreeningColumn::CaseAsked, case_id(number), &case.asked_sealed),
            (ScreeningColumn::CaseSummary, case_id(number), case.summary_sealed.as_ref().unwrap()),
        ] {
            let opened = self.vault.open_screening(column, &name, sealed).unwrap();
            assert_eq!(*opened, said(number, column));
        }
    }

    pub async fn verification(&self, number: u8) -> VerificationRow {
        let uuid = VerificationUuid::from_random([number; 16]);
        let found = self.store.read("test", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
        found.await.unwrap_or_else(|error: StoreError| panic!("{error}")).unwrap()
    }
}

/// Values that [`fill_store`] seals: four of the verification, a private key, three of World-Check.
pub const SEALED: u64 = 8;
/// Who had the World-Check request.
const WORKER: &str = "worker";

/// Stores a verification with a World-Check request, and a private key, sealed with these keys.
pub async fn fill_store(store: &Store, vault: &Vault, number: u8) {
    let uuid = VerificationUuid::from_random([number; 16]);
    let seal = |column: Column| vault.seal_column(uuid, column, &text(number, column));
    let row = NewVerification {
        uuid,
        asset: asset(),
        originating_vasp_id: VaspId::new(1),
        beneficiary_vasp_id: VaspId::new(2),
        originator_account_number: "0xA".to_owned(),
        beneficiary_account_number: "0xB".to_owned(),
        originator_sealed: seal(Column::Originator),
        originating_vasp_sealed: seal(Column::OriginatingVasp),
        beneficiary_sealed: seal(Column::Beneficiary),
        beneficiary_vasp_sealed: seal(Column::BeneficiaryVasp),
        key_type: KeyType::PerVasp,
        payload_version: "1.0".to_owned(),
        required_beneficiary_info: String::new(),
        created_at: MockClock::default().now(),
        expires_at: MockClock::default().now(),
    };
    let key = own_key(vault, number);
    let persons = screening(vault, uuid, number);
    let stored = store.write("test", (row, key, persons), |tx, (row, key, (request, case, said))| {
        Box::pin(async move {
            verifications::insert(tx, row).await?;
            own_keys::insert(tx, key).await?;
            wco_results::insert(tx, request).await?;
            wco_cases::insert(tx, case).await?;
            wco_cases::update(tx, case, case.created_at).await?;
            wco_results::screened(tx, &request.request_id, WORKER, said).await?;
            Ok::<_, StoreError>(())
        })
    });
    stored.await.unwrap();
}

fn request_id(number: u8) -> String {
    format!("request-{number}")
}

fn case_id(number: u8) -> String {
    format!("case-{number}")
}

fn said(number: u8, column: ScreeningColumn) -> String {
    format!("{} of person {number}, in {}", column.name(), column.table())
}

/// A World-Check request about one person that has its result.
fn screening(vault: &Vault, uuid: VerificationUuid, number: u8) -> (NewWco, WcoCase, Screened) {
    let (request_id, case_id) = (request_id(number), case_id(number));
    let at = MockClock::default().now();
    let seal = |column, name: &str| vault.seal_screening(column, name, &said(number, column));
    let summary_sealed = Some(seal(ScreeningColumn::Summary, &request_id));
    let case = WcoCase {
        request_id: request_id.clone(),
        person: 0,
        case_system_id: None,
        entity_type: EntityType::Individual,
        subject_fingerprint: "f".to_owned(),
        asked_sealed: seal(ScreeningColumn::CaseAsked, &case_id),
        status: ScreeningStatus::Processed,
        screening_requested_at: None,
        match_strength: None,
        total_matches: Some(0),
        summary_sealed: Some(seal(ScreeningColumn::CaseSummary, &case_id)),
        shares_case: None,
        reason: None,
        assessed_at: None,
        created_at: at,
        case_id,
    };
    let request = NewWco {
        request_id,
        verification_uuid: uuid,
        counterparty_vasp_id: VaspId::new(2),
        direction: Direction::Outgoing,
        key_id: None,
        origin: ScreeningOrigin::Api,
        traceparent: None,
        created_at: at,
        lease: Some((WORKER.to_owned(), SOON)),
    };
    let case_system_id = "system".to_owned();
    let said = Screened {
        case_system_id,
        summary_sealed,
        match_strength: None,
        total_matches: 0,
        assessed_at: None,
        at,
    };
    (request, case, said)
}

/// A vault over another keyring.
pub fn vault(keyring: &str) -> Vault {
    Vault::new(Arc::new(Keyring::parse(keyring).unwrap()), SeededEntropy::new(9).shared())
}

fn text(number: u8, column: Column) -> String {
    format!("{} of person {number}", column.name())
}

fn pair(number: u8) -> EncryptionKeyPair {
    EncryptionKeyPair::generate(&SeededEntropy::new(1000 + u64::from(number)))
}

/// A private key, sealed with these keys.
pub fn own_key(vault: &Vault, number: u8) -> OwnKey {
    let pair = pair(number);
    let key_id = pair.public.key_id();
    OwnKey {
        key_type: KeyType::PerVerification,
        key_identifier: key_id.clone(),
        public_key: pair.public.to_string(),
        private_key_sealed: vault.seal_private_key(&key_id, &pair.private),
        key_id,
        created_at: MockClock::default().now(),
        retired_at: None,
    }
}

/// A copy of one node's file for another one.
pub fn copy_file(from: &Node, to: &Node) {
    write_private(&to.file(), &std::fs::read_to_string(from.file()).unwrap());
}

fn asset() -> AssetInfo {
    AssetInfo {
        symbol: "ETH".to_owned(),
        network: None,
        amount: "1".parse().unwrap(),
        is_exceeding_threshold: true,
        trade_price: "1".parse().unwrap(),
        trade_currency: "USD".to_owned(),
        trade_iso_datetime: MockClock::default().now(),
    }
}
