//! `verifications`: the originator asks who receives a transfer, and whether it is welcome.
//!
//! The question is stored first, together with the command that sees to its answer. Then our backend is asked within
//! the budget of the listener: in time the answer goes back at once, otherwise "accepted", and the command does the rest.

mod accept;
mod inline;
mod question;
mod repeat;

use std::sync::Arc;

use chrono::TimeDelta;
use waybill_domain::{Fault, codes};
use waybill_protocol::messages::VerificationsRequest;

use super::{Handled, Listener, Message, faults, payload};
use accept::Accepted;
use question::Question;
use repeat::Known;

/// Nobody waits longer for an answer; what claims to is a mistake, or wants to occupy us.
const LONGEST_DEADLINE: TimeDelta = TimeDelta::days(7);

pub(super) async fn handle(listener: &Arc<Listener>, message: &Message) -> Handled {
    let asked: VerificationsRequest = message.read()?;
    check(&asked, message)?;
    let question = Question::open(listener, message, asked).await?;
    // Whoever loses a race against the same question finds it known in the second round.
    for _ in 0..2 {
        let known = repeat::look_up(listener, message, &question).await?;
        let new_row = match known {
            Known::New => {
                if listener.ctx.directory.current().is_expired(message.received_at) {
                    return Err(codes::directory_expired());
                }
                true
            }
            Known::Unattended => false,
            Known::Answered(decision) => {
                return repeat::answer(listener, message, &question, &decision).await;
            }
            Known::Pending => return repeat::accepted(listener, message, &question).await,
        };
        match accept::store(listener, message, &question, new_row).await? {
            Accepted::Claimed(claim) => return inline::answer(listener, message, &question, claim).await,
            Accepted::Queued(reply) => return Ok(reply),
            Accepted::Seen(before) => return before,
            Accepted::Known => {}
        }
    }
    Err(faults::of_race())
}

fn check(asked: &VerificationsRequest, message: &Message) -> Result<(), Fault> {
    asked.asset_info.check("assetInfo")?;
    payload::reply_key(&asked.reply_key)?;
    if asked.expires_at - message.received_at > LONGEST_DEADLINE {
        return Err(Fault::invalid_because("expiresAt", "It is too far away."));
    }
    if message.received_at >= asked.expires_at {
        return Err(codes::expired_verification());
    }
    Ok(())
}
