//! Stands in for the service `keys`: makes a key of ours whenever one is asked for.

use async_trait::async_trait;
use waybill_bus::RequestHandler;
use waybill_context::SharedContext;
use waybill_crypto::EncryptionKeyPair;
use waybill_domain::{Fault, KeyType};
use waybill_jobs::{KeyAnswer, OwnKey, Request as _};
use waybill_store::StoreError;
use waybill_store::tables::own_keys;

pub struct StubKeys(pub SharedContext);

#[async_trait]
impl RequestHandler<OwnKey> for StubKeys {
    async fn answer(&self, request: OwnKey) -> Result<KeyAnswer, Fault> {
        assert_eq!(request.address_sealed.is_some(), request.key_type == KeyType::PerAddress);
        if let Some(sealed) = &request.address_sealed {
            self.0.vault.open_request(OwnKey::KIND, &request.request_id, sealed)?;
        }
        Ok(make(&self.0, request.key_type).await)
    }
}

/// A new key of ours.
pub async fn make(ctx: &SharedContext, key_type: KeyType) -> KeyAnswer {
    let pair = EncryptionKeyPair::generate(&*ctx.entropy);
    let key = own_keys::OwnKey {
        key_type,
        key_identifier: pair.public.key_id(),
        key_id: pair.public.key_id(),
        public_key: pair.public.to_string(),
        private_key_sealed: ctx.vault.seal_private_key(&pair.public.key_id(), &pair.private),
        created_at: ctx.clock.now(),
        retired_at: None,
    };
    let (key_id, public_key) = (key.key_id.clone(), key.public_key.clone());
    let write = ctx.store.write("test", key, |tx, key| Box::pin(own_keys::insert(tx, key)));
    assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
    KeyAnswer { key_id, public_key, expires_at: ctx.clock.now() + chrono::TimeDelta::minutes(30) }
}
