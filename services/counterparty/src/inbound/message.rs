//! A message that was admitted: signed by an active member, for us.

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use waybill_domain::{Fault, Timestamp, VaspId, VerificationUuid};
use waybill_protocol::messages::MessageType;
use waybill_protocol::{Part, SealContext, VerifiedRequest, digest, parse_body};
use waybill_store::tables::audit::AuditEntry;

/// A message and the proof of who sent it.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub kind: MessageType,
    pub body: Bytes,
    pub proof: VerifiedRequest,
    pub received_at: Timestamp,
}

/// The sender's message, as the database remembers it.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub sender: VaspId,
    pub message_id: String,
    pub digest: String,
    pub received_at: Timestamp,
}

impl Message {
    pub(super) fn sender(&self) -> VaspId {
        self.proof.sender
    }

    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        parse_body(&self.body)
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            sender: self.proof.sender,
            message_id: self.proof.message_id.to_string(),
            digest: digest::to_header(&self.proof.digest),
            received_at: self.received_at,
        }
    }

    /// What a payload in it is bound to; [`SealContext::response`] gives that of the answer.
    pub(super) fn seal_context(&self, verification: Option<VerificationUuid>) -> SealContext {
        SealContext {
            version: self.proof.version,
            message: self.kind,
            part: Part::Request,
            sender: self.proof.sender,
            recipient: self.proof.recipient,
            message_id: self.proof.message_id,
            verification,
        }
    }

    /// The verification it is about, as far as that can be read; for the audit of a refusal.
    pub(super) fn about(&self) -> Option<VerificationUuid> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct About {
            verification_uuid: VerificationUuid,
        }
        parse_body::<About>(&self.body).ok().map(|about| about.verification_uuid)
    }

    /// An entry for the audit: codes and ids only.
    pub(super) fn audit(
        &self,
        event: &'static str,
        about: Option<VerificationUuid>,
        detail: serde_json::Value,
    ) -> AuditEntry {
        AuditEntry {
            at: self.received_at,
            event,
            actor: actor(self.proof.sender),
            subject: about.map(|uuid| uuid.to_string()),
            detail,
        }
    }
}

/// How the audit names a member.
pub(super) fn actor(vasp: VaspId) -> String {
    format!("vasp:{vasp}")
}
