//! The question of a verification, put together from its row and sent.

use serde::Deserialize;
use waybill_context::Parties;
use waybill_domain::VerificationUuid;
use waybill_protocol::messages::{
    MessageType, Sealed, VerificationAccepted, VerificationAnswered, VerificationQuestion,
    VerificationsRequest,
};
use waybill_protocol::{Hidden, SealContext};
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::Vault;

use crate::peers::{KeyScope, Patience, PeerAnswer, PeerError, Peers, SealedMessage};

/// What the beneficiary's node did with the question.
pub(super) enum Reply {
    /// Answered it; to be opened in this context.
    Answered(SealContext, Sealed),
    /// Stored it; the answer follows.
    Accepted,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Answered(VerificationAnswered),
    Accepted(VerificationAccepted),
}

/// Which keys seal a verification, on both sides.
pub(super) fn key_scope(row: &VerificationRow) -> KeyScope<'_> {
    KeyScope {
        vasp_id: row.beneficiary_vasp_id,
        key_type: row.key_type,
        address: &row.beneficiary_account_number,
        verification: Some(row.uuid),
    }
}

/// Asks the beneficiary's node; the same question each time, with a fresh message id.
pub(super) async fn ask(
    peers: &Peers,
    vault: &Vault,
    row: &VerificationRow,
    patience: Patience,
) -> Result<Reply, PeerError> {
    let required_beneficiary_info = row.required_beneficiary_info.parse();
    let required_beneficiary_info =
        required_beneficiary_info.map_err(|_| PeerError::NotSent("the codes asked for are not readable"))?;
    let parties =
        Parties::open(vault, row).map_err(|_| PeerError::NotSent("a sealed column cannot be read"))?;
    let payload =
        VerificationQuestion { version: row.payload_version.clone(), ivms101: Hidden(parties.into()) };
    let scope = key_scope(row);
    let reply_key = peers.reply_key(&scope, patience.left()).await?;
    let message = SealedMessage {
        kind: MessageType::Verifications,
        about: Some(row.uuid),
        scope,
        payload: &payload,
        patience,
    };
    let body = |sealed| VerificationsRequest {
        verification_uuid: row.uuid,
        key_type: row.key_type,
        expires_at: row.expires_at,
        asset_info: row.asset.clone(),
        required_beneficiary_info: Clone::clone(&required_beneficiary_info),
        reply_key: reply_key.clone(),
        sealed,
    };
    read_reply(row.uuid, peers.send_sealed(&message, body).await?)
}

fn read_reply(asked: VerificationUuid, answer: PeerAnswer<Body>) -> Result<Reply, PeerError> {
    let (status, uuid, reply) = match answer.body {
        Body::Answered(body) => (200, body.verification_uuid, Reply::Answered(answer.context, body.sealed)),
        Body::Accepted(body) => (202, body.verification_uuid, Reply::Accepted),
    };
    if uuid != asked || status != answer.status.as_u16() {
        return Err(PeerError::InvalidAnswer("it is about another verification, or has another status"));
    }
    Ok(reply)
}
