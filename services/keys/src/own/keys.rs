//! Gives out our public keys. A pair is made when none fits; any address gets one, so that asking does not reveal
//! which addresses exist.

use std::sync::Arc;

use async_trait::async_trait;
use waybill_bus::RequestHandler;
use waybill_crypto::EncryptionKeyPair;
use waybill_domain::{Fault, KeyType, Timestamp};
use waybill_jobs::{KeyAnswer, OwnKey};
use waybill_store::tables::own_keys;
use waybill_store::{StoreError, Tx};

use super::identifier::identifier_of;
use crate::{KeysService, database};

pub(crate) struct OwnKeys {
    service: Arc<KeysService>,
}

#[async_trait]
impl RequestHandler<OwnKey> for OwnKeys {
    async fn answer(&self, request: OwnKey) -> Result<KeyAnswer, Fault> {
        let identifier = identifier_of(&request, &self.service.vault)?;
        let key = self.key(request.key_type, identifier).await.map_err(database::failed)?;
        let expires_at = self.service.lifetimes.expires_at(self.service.clock.now());
        Ok(KeyAnswer { key_id: key.key_id, public_key: key.public_key, expires_at })
    }
}

impl OwnKeys {
    pub(crate) fn new(service: Arc<KeysService>) -> Self {
        Self { service }
    }

    async fn key(
        &self,
        key_type: KeyType,
        identifier: Option<String>,
    ) -> Result<own_keys::OwnKey, StoreError> {
        let now = self.service.clock.now();
        let worn_since = self.service.lifetimes.worn_since(now);
        if let Some(identifier) = &identifier
            && let Some(key) = self.current(key_type, identifier.clone()).await?
            && key.created_at > worn_since
        {
            return Ok(key);
        }
        let new = self.new_key(key_type, identifier, now);
        let adopt = (new, worn_since);
        self.service
            .store
            .write("keys::adopt", adopt, |tx, (new, worn_since)| Box::pin(adopt_key(tx, new, *worn_since)))
            .await
    }

    async fn current(
        &self,
        key_type: KeyType,
        identifier: String,
    ) -> Result<Option<own_keys::OwnKey>, StoreError> {
        let wanted = (identifier, key_type);
        self.service
            .store
            .read("keys::current", wanted, |tx, (identifier, key_type)| {
                Box::pin(own_keys::current(tx, identifier, *key_type))
            })
            .await
    }

    fn new_key(&self, key_type: KeyType, identifier: Option<String>, now: Timestamp) -> own_keys::OwnKey {
        let pair = EncryptionKeyPair::generate(&*self.service.entropy);
        let key_id = pair.public.key_id();
        own_keys::OwnKey {
            key_type,
            key_identifier: identifier.unwrap_or_else(|| key_id.clone()),
            public_key: pair.public.to_string(),
            private_key_sealed: self.service.vault.seal_private_key(&key_id, &pair.private),
            key_id,
            created_at: now,
            retired_at: None,
        }
    }
}

/// Puts a new pair in the place of a worn one, or of none. Whoever came first wins; the others get the winner's.
async fn adopt_key(
    tx: &mut Tx,
    new: &own_keys::OwnKey,
    worn_since: Timestamp,
) -> Result<own_keys::OwnKey, StoreError> {
    if let Some(current) = own_keys::current(tx, &new.key_identifier, new.key_type).await? {
        if current.created_at > worn_since {
            return Ok(current);
        }
        own_keys::retire(tx, &current.key_id, new.created_at).await?;
    }
    if own_keys::insert(tx, new).await? {
        return Ok(new.clone());
    }
    let winner = own_keys::current(tx, &new.key_identifier, new.key_type).await?;
    winner.ok_or(StoreError::GuardLost("own key"))
}
