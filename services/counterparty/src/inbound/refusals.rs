//! Remembers refusals: what members are refused is audited one by one, what strangers send is counted. Neither can
//! fill the disk.

use serde_json::json;
use waybill_domain::{Fault, Timestamp, VaspId};
use waybill_protocol::messages::MessageType;
use waybill_replicas::{Pace, Turn};
use waybill_store::StoreError;
use waybill_store::tables::audit::{self, AuditEntry};

use super::message::{Message, actor};
use super::{Listener, Reply, seen};

/// Audited refusals of one member in a minute.
const OF_A_MEMBER: u32 = 120;
/// Audited refusals of strangers in a minute, for each code.
const OF_STRANGERS: u32 = 6;
const EVENT: &str = "PEER-REFUSED";

/// How many refusals were audited lately.
pub(super) struct Refusals {
    members: Pace<VaspId>,
    strangers: Pace<String>,
}

impl Default for Refusals {
    fn default() -> Self {
        Self { members: Pace::per_minute(OF_A_MEMBER), strangers: Pace::per_minute(OF_STRANGERS) }
    }
}

/// A refusal before the message itself was looked at.
#[derive(Debug)]
pub(super) struct Refused {
    pub fault: Fault,
    /// Who sent it, when the signature proved it.
    pub sender: Option<VaspId>,
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self { fault, sender: None }
    }
}

/// Audits the refusal of something that was not admitted.
pub(super) async fn of_stranger(listener: &Listener, kind: MessageType, refused: &Refused) {
    let now = listener.ctx.clock.now();
    let code = &refused.fault.code;
    let turn = match refused.sender {
        Some(sender) => listener.refusals.members.take(sender, now),
        None => listener.refusals.strangers.take(code.to_string(), now),
    };
    let Turn::Go { held_back } = turn else { return };
    let actor = refused.sender.map_or_else(|| "unproven".to_owned(), actor);
    tracing::warn!(%code, actor, held_back, "a message was not admitted");
    let detail = json!({"code": code, "message": kind.as_str(), "more": held_back});
    let entry = AuditEntry { at: now, event: EVENT, actor, subject: None, detail };
    let written = listener.ctx.store.write("refusals::of_stranger", entry, |tx, entry| {
        Box::pin(async move { audit::append(tx, entry).await })
    });
    log_failure(written.await);
}

/// Audits the refusal of a member's message, and keeps it as the message's answer.
pub(super) async fn of_member(listener: &Listener, message: &Message, fault: &Fault) {
    let now: Timestamp = message.received_at;
    let Turn::Go { held_back } = listener.refusals.members.take(message.sender(), now) else { return };
    let detail = json!({
        "code": fault.code, "message": message.kind.as_str(), "messageId": message.proof.message_id, "more": held_back
    });
    tracing::info!(code = %fault.code, message = %message.kind, sender = %message.sender(), "refused");
    let entry = message.audit(EVENT, message.about(), detail);
    let Ok(reply) = Reply::refusal(fault) else { return };
    let written = listener.ctx.store.write(
        "refusals::of_member",
        (entry, message.mark(), reply),
        |tx, (entry, mark, reply)| {
            Box::pin(async move {
                // A message that was answered before keeps its answer.
                seen::remember(tx, mark, reply).await?;
                audit::append(tx, entry).await
            })
        },
    );
    log_failure(written.await);
}

fn log_failure(written: Result<(), StoreError>) {
    if let Err(error) = written {
        tracing::error!(%error, "a refusal could not be audited");
    }
}
