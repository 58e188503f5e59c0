//! Finds the key to which a message is sealed: in memory, in the table, or at the counterparty.

use std::sync::Arc;

use async_trait::async_trait;
use waybill_bus::RequestHandler;
use waybill_crypto::EncryptionPublicKey;
use waybill_domain::{Fault, KeyType, Timestamp, VerificationUuid, codes, limits};
use waybill_jobs::{CounterpartyKey, FetchKey, KeyAnswer, Request as _};
use waybill_store::tables::counter_party_keys::{self, CounterPartyKey};

use super::cache::KeyCache;
use super::flights::Flights;
use super::scope::Scope;
use crate::address::open_address;
use crate::{KeysService, database};

/// A name of a key that a counterparty made up, characters.
const KEY_ID: usize = 64;

pub(crate) struct CounterpartyKeys(Arc<Finder>);

struct Finder {
    service: Arc<KeysService>,
    cache: KeyCache,
    /// Searches that know of a refused key do not join those that do not: these may come back with that very key.
    searches: Flights<(Scope, Option<String>), KeyAnswer>,
}

#[async_trait]
impl RequestHandler<CounterpartyKey> for CounterpartyKeys {
    async fn answer(&self, request: CounterpartyKey) -> Result<KeyAnswer, Fault> {
        let CounterpartyKey { vasp_id, key_type, verification_uuid, refused_key_id, .. } = request;
        let address = match key_type {
            KeyType::PerAddress => {
                let sealed = request.address_sealed.as_deref();
                let vault = &self.0.service.vault;
                Some(open_address(vault, CounterpartyKey::KIND, &request.request_id, sealed)?)
            }
            KeyType::PerVasp | KeyType::PerVerification => None,
        };
        let scope = Scope { vasp_id, key_type, address };
        match key_type {
            KeyType::PerVerification => self.0.fetch(&scope, verification_uuid).await,
            KeyType::PerVasp | KeyType::PerAddress => self.0.find(scope, refused_key_id).await,
        }
    }
}

impl CounterpartyKeys {
    pub(crate) fn new(service: Arc<KeysService>) -> Self {
        Self(Arc::new(Finder { service, cache: KeyCache::default(), searches: Flights::default() }))
    }
}

impl Finder {
    /// The key of a scope that is kept, or searched for once by all who ask.
    async fn find(self: &Arc<Self>, scope: Scope, refused: Option<String>) -> Result<KeyAnswer, Fault> {
        if let Some(key) = self.in_memory(&scope, refused.as_deref()) {
            return Ok(key);
        }
        let search = (scope.clone(), refused.clone());
        let finder = Arc::clone(self);
        self.searches.join(search, || async move { finder.search(scope, refused).await }).await
    }

    async fn search(&self, scope: Scope, refused: Option<String>) -> Result<KeyAnswer, Fault> {
        // A search that ended a moment ago may have found it.
        if let Some(key) = self.in_memory(&scope, refused.as_deref()) {
            return Ok(key);
        }
        let key = match self.in_table(&scope).await?.filter(|key| is_usable(key, refused.as_deref())) {
            Some(key) => key,
            None => {
                let key = self.fetch(&scope, None).await?;
                self.save(&scope, &key).await?;
                key
            }
        };
        self.cache.put(scope, key.clone());
        Ok(key)
    }

    fn in_memory(&self, scope: &Scope, refused: Option<&str>) -> Option<KeyAnswer> {
        self.cache.get(scope, self.service.clock.now()).filter(|key| is_usable(key, refused))
    }

    /// The key in the table, unless it has expired.
    async fn in_table(&self, scope: &Scope) -> Result<Option<KeyAnswer>, Fault> {
        let wanted = scope.clone();
        let row = self.service.store.read("keys::kept", wanted, |tx, wanted| {
            Box::pin(async move {
                counter_party_keys::find(tx, wanted.vasp_id, &wanted.identifier(), wanted.key_type).await
            })
        });
        let row = row.await.map_err(database::failed)?;
        let now = self.service.clock.now();
        Ok(row.filter(|row| row.expires_at > now).map(|row| KeyAnswer {
            key_id: row.key_id,
            public_key: row.public_key,
            expires_at: row.expires_at,
        }))
    }

    /// Asks the counterparty.
    async fn fetch(&self, scope: &Scope, verification: Option<VerificationUuid>) -> Result<KeyAnswer, Fault> {
        let service = &self.service;
        let request_id = self.request_id();
        let seal = |address: &String| service.vault.seal_request(FetchKey::KIND, &request_id, address);
        let request = FetchKey {
            vasp_id: scope.vasp_id,
            key_type: scope.key_type,
            address_sealed: scope.address.as_ref().map(seal),
            verification_uuid: verification,
            request_id,
        };
        let key = service.bus.ask(&request, service.fetch_timeout).await?;
        let key = shortened(key, service.lifetimes.expires_at(service.clock.now()));
        if is_sound(&key, service.clock.now()) { Ok(key) } else { Err(codes::counterparty_invalid_answer()) }
    }

    async fn save(&self, scope: &Scope, key: &KeyAnswer) -> Result<(), Fault> {
        let row = CounterPartyKey {
            key_type: scope.key_type,
            vasp_id: scope.vasp_id,
            key_identifier: scope.identifier(),
            key_id: key.key_id.clone(),
            public_key: key.public_key.clone(),
            created_at: self.service.clock.now(),
            expires_at: key.expires_at,
        };
        let kept =
            self.service.store.write("keys::keep", row, |tx, row| Box::pin(counter_party_keys::put(tx, row)));
        kept.await.map_err(database::failed)
    }

    fn request_id(&self) -> String {
        let mut bytes = [0; 16];
        self.service.entropy.fill(&mut bytes);
        format!("{:032x}", u128::from_be_bytes(bytes))
    }
}

fn is_usable(key: &KeyAnswer, refused: Option<&str>) -> bool {
    refused != Some(key.key_id.as_str())
}

/// Its owner's word on how long a key lasts, and ours: the shorter one holds.
fn shortened(key: KeyAnswer, ours: Timestamp) -> KeyAnswer {
    KeyAnswer { expires_at: key.expires_at.min(ours), ..key }
}

/// A key that nobody can seal to is not kept.
fn is_sound(key: &KeyAnswer, now: Timestamp) -> bool {
    limits::fits(&key.key_id, KEY_ID)
        && key.expires_at > now
        && EncryptionPublicKey::parse(&key.public_key).is_ok()
}
