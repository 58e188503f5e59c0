//! Replays: a message that comes again gets the answer that it got before, and nothing happens twice.
//!
//! The answer is kept in the transaction of the effect, also the provisional "accepted", so a message is never seen
//! without an answer.

use waybill_domain::{Fault, codes};
use waybill_store::tables::received_messages;
use waybill_store::{StoreError, Tx};

use super::message::Mark;
use super::{Handled, Listener, Message, Reply, faults};

/// The answer that this very message got before; [`None`] when it is new.
///
/// # Errors
/// The database's.
pub(super) async fn recall(listener: &Listener, mark: Mark) -> Result<Option<Handled>, Fault> {
    let found = listener.ctx.store.read("seen::recall", mark, |tx, mark| Box::pin(find(tx, mark)));
    found.await.map_err(faults::of_store)
}

/// Marks the message as seen, with its answer. Gives the answer it got before when it is not new: then nothing may
/// be changed.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn remember(tx: &mut Tx, mark: &Mark, reply: &Reply) -> Result<Option<Handled>, StoreError> {
    let Mark { sender, message_id, digest, received_at } = mark;
    if !received_messages::insert(tx, *sender, message_id, digest, *received_at).await? {
        return find(tx, mark).await;
    }
    keep(tx, mark, reply).await?;
    Ok(None)
}

/// Keeps another answer in the place of the first.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn keep(tx: &mut Tx, mark: &Mark, reply: &Reply) -> Result<(), StoreError> {
    let status = u32::from(reply.status);
    received_messages::keep_answer(tx, mark.sender, &mark.message_id, status, &reply.body).await
}

async fn find(tx: &mut Tx, mark: &Mark) -> Result<Option<Handled>, StoreError> {
    let Some(seen) = received_messages::find(tx, mark.sender, &mark.message_id).await? else {
        return Ok(None);
    };
    if seen.digest != mark.digest {
        return Ok(Some(Err(codes::message_id_reused())));
    }
    let reply = seen.answer.and_then(|(status, body)| {
        let status = u16::try_from(status).ok()?;
        Some(Reply { status, body })
    });
    // Without an answer only if another program wrote the row: say "later".
    Ok(Some(reply.ok_or_else(|| codes::service_unavailable().retry_after(1))))
}

/// Keeps the answer of a message that changes nothing else.
///
/// # Errors
/// The database's.
pub(super) async fn keep_new(listener: &Listener, message: &Message, reply: Reply) -> Handled {
    let remembered =
        listener.ctx.store.write("seen::keep_new", (message.mark(), reply.clone()), |tx, (mark, reply)| {
            Box::pin(remember(tx, mark, reply))
        });
    remembered.await.map_err(faults::of_store)?.unwrap_or(Ok(reply))
}
