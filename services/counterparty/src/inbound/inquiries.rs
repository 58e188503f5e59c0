//! `inquiries`: the beneficiary asks where the transfer stands. Our backend knows; our record has only the hash.

use waybill_domain::Role;
use waybill_protocol::messages::{InquiriesRequest, InquiriesResponse};

use super::{Handled, Listener, Message, Reply, parties, seen};

pub(super) async fn handle(listener: &Listener, message: &Message) -> Handled {
    let asked: InquiriesRequest = message.read()?;
    let uuid = asked.verification_uuid;
    let row = parties::known(listener, message, uuid, Role::Beneficiary).await?;
    let standing = listener.backend.transaction(uuid).await?;
    let (tx_hash, vout) = match standing.tx_hash {
        Some(tx_hash) => (Some(tx_hash), standing.vout),
        None => (row.tx_hash, row.vout.or(standing.vout)),
    };
    let reply = Reply::ok(&InquiriesResponse {
        verification_uuid: uuid,
        transaction_status: standing.status,
        tx_hash,
        vout,
    })?;
    seen::keep_new(listener, message, reply).await
}
