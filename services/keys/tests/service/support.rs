//! The service with a clock that stands still.

use std::sync::Arc;
use std::time::Duration;

use waybill_bus::{Bus, BusOptions};
use waybill_context::KeyLifetimes;
use waybill_crypto::Keyring;
use waybill_domain::{Fault, KeyType, VaspId, VerificationUuid};
use waybill_jobs::{CounterpartyKey, KeyAnswer, OwnKey, Request};
use waybill_keys::KeysService;
use waybill_store::tables::own_keys;
use waybill_store::{Store, StoreError, StoreOptions};
use waybill_testkit::{MockClock, SeededEntropy, TestFolder};
use waybill_vault::Vault;

pub const MINUTE: Duration = Duration::from_secs(60);
pub const HOUR: Duration = Duration::from_secs(3600);
pub const LIFETIMES: KeyLifetimes =
    KeyLifetimes { ttl: Duration::from_secs(30 * 60), deadline: Duration::from_secs(10 * 60) };
/// No test that passes waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct House {
    pub store: Store,
    pub bus: Bus,
    pub vault: Vault,
    pub clock: MockClock,
}

/// A process over the database in `folder`.
pub async fn house(folder: &TestFolder, clock: &MockClock, seed: u64) -> House {
    let options = StoreOptions::Sqlite { path: folder.join("test.sqlite"), readers: 2 };
    let store = Store::open(&options).await.unwrap();
    let entropy = SeededEntropy::new(seed).shared();
    let bus = Bus::embedded(store.clone(), BusOptions::default(), clock.shared(), Arc::clone(&entropy));
    let keyring = Keyring::new(vec![("k1".to_owned(), [7; 32])]).unwrap();
    let vault = Vault::new(Arc::new(keyring), Arc::clone(&entropy));
    let service = KeysService {
        store: store.clone(),
        bus: bus.clone(),
        vault: vault.clone(),
        clock: clock.shared(),
        entropy,
        lifetimes: LIFETIMES,
        fetch_timeout: PATIENCE,
    };
    service.serve();
    House { store, bus, vault, clock: clock.clone() }
}

impl House {
    pub async fn ask<Q: Request>(&self, request: &Q) -> Result<Q::Answer, Fault> {
        self.bus.ask(request, PATIENCE).await
    }

    pub async fn own_key(&self, key_type: KeyType, address: Option<&str>) -> KeyAnswer {
        self.ask(&self.own_key_request(key_type, address)).await.unwrap()
    }

    pub async fn reply_key(&self, uuid: VerificationUuid) -> KeyAnswer {
        let request = self.own_key_request(KeyType::PerVerification, None);
        self.ask(&OwnKey { verification_uuid: Some(uuid), ..request }).await.unwrap()
    }

    pub fn own_key_request(&self, key_type: KeyType, address: Option<&str>) -> OwnKey {
        let seal = |address| self.vault.seal_request(OwnKey::KIND, "r1", address);
        OwnKey {
            request_id: "r1".to_owned(),
            key_type,
            address_sealed: address.map(seal),
            verification_uuid: None,
        }
    }

    pub fn counterparty_key_request(
        &self,
        vasp: u64,
        key_type: KeyType,
        address: Option<&str>,
    ) -> CounterpartyKey {
        let seal = |address| self.vault.seal_request(CounterpartyKey::KIND, "r1", address);
        CounterpartyKey {
            request_id: "r1".to_owned(),
            vasp_id: VaspId::new(vasp),
            key_type,
            address_sealed: address.map(seal),
            verification_uuid: None,
            refused_key_id: None,
        }
    }

    pub async fn stored(&self, key_id: &str) -> Option<own_keys::OwnKey> {
        let found = self
            .store
            .read("test", key_id.to_owned(), |tx, key_id| Box::pin(own_keys::by_key_id(tx, key_id)));
        found.await.unwrap_or_else(|error: StoreError| panic!("{error}"))
    }
}

pub fn verification(byte: u8) -> VerificationUuid {
    VerificationUuid::from_random([byte; 16])
}
