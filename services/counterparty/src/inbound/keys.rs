//! `keys`: a member asks for a key of ours to seal to. Any address gets one, so asking tells nothing.

use std::time::Duration;

use waybill_domain::{Fault, KeyType, codes, limits};
use waybill_jobs::{OwnKey, Request as _};
use waybill_protocol::messages::{KeysRequest, KeysResponse};
use waybill_replicas::Turn;

use super::{Handled, Listener, Message, Reply, faults, seen};

const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn handle(listener: &Listener, message: &Message) -> Handled {
    let asked: KeysRequest = message.read()?;
    check(&asked)?;
    if let Turn::Wait(wait) = listener.key_requests.take(message.sender(), message.received_at) {
        let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
        return Err(codes::too_many_key_requests().retry_after(seconds));
    }
    let key =
        listener.ctx.bus.ask(&question(listener, &asked), PATIENCE).await.map_err(faults::of_service)?;
    let reply = Reply::ok(&KeysResponse {
        key_type: asked.key_type,
        address: asked.address,
        verification_uuid: asked.verification_uuid,
        key_id: key.key_id,
        public_key: key.public_key,
        expires_at: key.expires_at,
    })?;
    seen::keep_new(listener, message, reply).await
}

/// An address goes with `PerAddress` and a verification with `PerVerification`, and with nothing else.
fn check(asked: &KeysRequest) -> Result<(), Fault> {
    match (&asked.address, asked.key_type) {
        (None, KeyType::PerAddress) => return Err(Fault::missing("address")),
        (Some(address), KeyType::PerAddress) if limits::fits(address, limits::ACCOUNT_NUMBER) => {}
        (Some(_), _) => return Err(Fault::invalid("address")),
        (None, _) => {}
    }
    if asked.verification_uuid.is_some() && asked.key_type != KeyType::PerVerification {
        return Err(Fault::invalid("verificationUuid"));
    }
    Ok(())
}

/// The verification is not passed on: keys are remembered by it for our own reply keys, which are another matter.
fn question(listener: &Listener, asked: &KeysRequest) -> OwnKey {
    let ctx = &listener.ctx;
    let request_id = ctx.request_id();
    let seal = |address: &str| ctx.vault.seal_request(OwnKey::KIND, &request_id, address);
    OwnKey {
        address_sealed: asked.address.as_ref().map(|address| seal(address)),
        request_id,
        key_type: asked.key_type,
        verification_uuid: None,
    }
}
