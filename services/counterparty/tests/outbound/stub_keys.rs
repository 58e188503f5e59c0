//! Stands in for the service `keys`.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use waybill_bus::RequestHandler;
use waybill_context::SharedContext;
use waybill_crypto::EncryptionKeyPair;
use waybill_domain::{Fault, KeyType};
use waybill_jobs::{CounterpartyKey, KeyAnswer, OwnKey, Request as _};
use waybill_store::StoreError;
use waybill_store::tables::own_keys;

use crate::fake_peer::FakePeer;

/// Gives out the peer's first key, and the second when the first was refused; makes keys of ours.
#[derive(Clone)]
pub struct StubKeys {
    ctx: SharedContext,
    peer: FakePeer,
    asked: Arc<Mutex<Vec<CounterpartyKey>>>,
    refusal: Arc<Mutex<Option<Fault>>>,
}

impl StubKeys {
    pub fn serve(ctx: &SharedContext, peer: &FakePeer) -> Self {
        let keys =
            Self { ctx: ctx.clone(), peer: peer.clone(), asked: Arc::default(), refusal: Arc::default() };
        ctx.bus.serve::<CounterpartyKey, _>(keys.clone(), 8);
        ctx.bus.serve::<OwnKey, _>(keys.clone(), 8);
        keys
    }

    /// What was asked for, oldest first.
    pub fn asked(&self) -> Vec<CounterpartyKey> {
        self.asked.lock().unwrap().clone()
    }

    /// Refuses every further question for a key.
    pub fn refuse(&self, fault: Fault) {
        *self.refusal.lock().unwrap() = Some(fault);
    }
}

#[async_trait]
impl RequestHandler<CounterpartyKey> for StubKeys {
    async fn answer(&self, request: CounterpartyKey) -> Result<KeyAnswer, Fault> {
        let number = usize::from(request.refused_key_id.is_some());
        self.asked.lock().unwrap().push(request);
        if let Some(fault) = self.refusal.lock().unwrap().clone() {
            return Err(fault);
        }
        Ok(KeyAnswer {
            key_id: format!("peer-{number}"),
            public_key: self.peer.public_key(number).to_string(),
            expires_at: self.ctx.clock.now() + chrono::TimeDelta::minutes(30),
        })
    }
}

#[async_trait]
impl RequestHandler<OwnKey> for StubKeys {
    async fn answer(&self, request: OwnKey) -> Result<KeyAnswer, Fault> {
        if let Some(sealed) = &request.address_sealed {
            self.ctx.vault.open_request(OwnKey::KIND, &request.request_id, sealed)?;
        }
        let pair = EncryptionKeyPair::generate(&*self.ctx.entropy);
        let key = own_keys::OwnKey {
            key_type: KeyType::PerVerification,
            key_identifier: pair.public.key_id(),
            key_id: pair.public.key_id(),
            public_key: pair.public.to_string(),
            private_key_sealed: self.ctx.vault.seal_private_key(&pair.public.key_id(), &pair.private),
            created_at: self.ctx.clock.now(),
            retired_at: None,
        };
        let answer = KeyAnswer {
            key_id: key.key_id.clone(),
            public_key: key.public_key.clone(),
            expires_at: key.created_at + chrono::TimeDelta::minutes(30),
        };
        let write = self.ctx.store.write("test", key, |tx, key| Box::pin(own_keys::insert(tx, key)));
        assert!(write.await.unwrap_or_else(|error: StoreError| panic!("{error}")));
        Ok(answer)
    }
}
