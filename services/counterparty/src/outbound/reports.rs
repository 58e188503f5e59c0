//! What the three reports have in common: they are sent until the peer has stored them, refuses them for good, or the
//! time for it is over.

use waybill_bus::{Claim, Outcome};
use waybill_context::Context;
use waybill_protocol::messages::Acknowledgement;
use waybill_runtime::failpoint;

use crate::back_off;
use crate::peers::{PeerAnswer, PeerError};

/// The peer's answer to the question is still on its way to the peer's own record: reports wait for it.
const NOT_VERIFIED: &str = "VERIFICATION-NOT-VERIFIED";

/// What becomes of a report after an attempt.
pub(super) fn settle(
    ctx: &Context,
    claim: &Claim,
    sent: Result<PeerAnswer<Acknowledgement>, PeerError>,
) -> Outcome {
    failpoint("report.sent");
    let error = match sent {
        Ok(answer) if answer.body.result => return Outcome::Done,
        Ok(_) => PeerError::InvalidAnswer("it does not acknowledge"),
        Err(error) => error,
    };
    let age = back_off::since(claim.created_at(), ctx.clock.now());
    if !error.is_transient() && error.code() != NOT_VERIFIED {
        return Outcome::dead(error.code());
    }
    if age >= ctx.settings.peers.report_give_up_after {
        return Outcome::dead(format!("given up: {error}"));
    }
    Outcome::retry(back_off::after_failure(&error, age, &*ctx.entropy), error.to_string())
}
