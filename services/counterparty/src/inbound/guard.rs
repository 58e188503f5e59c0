//! Admits a message: read within limits, signed by an active member with a key of its own, now, and for us.

use std::time::Duration;

use axum::body::Body;
use http::request::Parts;
use waybill_domain::{Fault, VaspId, codes};
use waybill_protocol::messages::MessageType;
use waybill_protocol::{Exchange, SignatureFault, VerifiedRequest, verify_request};
use waybill_runtime::http::{BodyLimits, read_body};

use super::refusals::Refused;
use super::{Listener, Message};

/// Checks everything about a request but the content of its body.
///
/// # Errors
/// The first of the documented refusals, in the documented order.
pub(super) async fn admit(
    listener: &Listener,
    kind: MessageType,
    parts: &Parts,
    body: Body,
) -> Result<Message, Refused> {
    let ctx = &listener.ctx;
    let (max_bytes, body_timeout) = body_limits(listener);
    let body = read_body(&parts.headers, body, BodyLimits { max_bytes, body_timeout }).await?;
    let now = ctx.clock.now();
    let directory = ctx.directory.current();
    let find_key = |owner: VaspId, key_id: &str| directory.identity_key(owner, key_id, now);
    let proof = verify_request(&parts.method, parts.uri.path(), &parts.headers, &body, find_key, now)
        .map_err(|fault| unproven(listener, parts, &fault))?;
    accept(listener, &proof).map_err(|fault| Refused { fault, sender: Some(proof.sender) })?;
    Ok(Message { kind, body, proof, received_at: now })
}

fn body_limits(listener: &Listener) -> (usize, Duration) {
    let settings = &listener.ctx.settings.listener;
    (settings.max_body_bytes.min(waybill_protocol::MAX_BODY_BYTES), settings.body_timeout)
}

/// The refusal of a bad signature. Who is no member at all is told so.
fn unproven(listener: &Listener, parts: &Parts, fault: &SignatureFault) -> Fault {
    let directory = listener.ctx.directory.current();
    let stranger = |exchange: Exchange| directory.member(exchange.sender).is_none();
    if *fault == SignatureFault::UnknownKey && Exchange::read(&parts.headers).is_some_and(stranger) {
        return codes::unknown_sender();
    }
    fault.into()
}

fn accept(listener: &Listener, proof: &VerifiedRequest) -> Result<(), Fault> {
    let directory = listener.ctx.directory.current();
    let sender = directory.member(proof.sender).ok_or_else(codes::unknown_sender)?;
    if !sender.active {
        return Err(codes::inactive_sender());
    }
    if proof.recipient != listener.ctx.own_id {
        return Err(codes::wrong_recipient());
    }
    Ok(())
}
