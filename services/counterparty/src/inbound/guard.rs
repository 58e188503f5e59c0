//! Admits a message: read within limits, signed by an active member with a key of its own, now, and for us.

use axum::body::Body;
use http::request::Parts;
use waybill_directory::Directory;
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
    let body = read_body(&parts.headers, body, limits(listener)).await?;
    let now = ctx.clock.now();
    let directory = ctx.directory.current();
    let find_key = |owner: VaspId, key_id: &str| directory.identity_key(owner, key_id, now);
    let proof = verify_request(&parts.method, parts.uri.path(), &parts.headers, &body, find_key, now)
        .map_err(|fault| unproven(&directory, parts, &fault))?;
    accept(&directory, ctx.own_id, &proof).map_err(|fault| Refused { fault, sender: Some(proof.sender) })?;
    Ok(Message { kind, body, proof, received_at: now })
}

fn limits(listener: &Listener) -> BodyLimits {
    let settings = &listener.ctx.settings.listener;
    let max_bytes = settings.max_body_bytes.min(waybill_protocol::MAX_BODY_BYTES);
    BodyLimits { max_bytes, body_timeout: settings.body_timeout }
}

/// The refusal of a bad signature. Who is no member at all is told so.
fn unproven(directory: &Directory, parts: &Parts, fault: &SignatureFault) -> Fault {
    let stranger = |exchange: Exchange| directory.member(exchange.sender).is_none();
    if *fault == SignatureFault::UnknownKey && Exchange::read(&parts.headers).is_some_and(stranger) {
        return codes::unknown_sender();
    }
    fault.into()
}

fn accept(directory: &Directory, own_id: VaspId, proof: &VerifiedRequest) -> Result<(), Fault> {
    let sender = directory.member(proof.sender).ok_or_else(codes::unknown_sender)?;
    if !sender.active {
        return Err(codes::inactive_sender());
    }
    if proof.recipient != own_id {
        return Err(codes::wrong_recipient());
    }
    Ok(())
}
