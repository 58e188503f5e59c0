//! Writes down an attempt and what follows from it, in one transaction.

use std::time::Duration;

use waybill_bus::Claim;
use waybill_domain::Timestamp;
use waybill_jobs::DeliverCallback;
use waybill_store::tables::callback_deliveries::{self, CallbackDelivery};
use waybill_store::{Store, StoreError, Tx};

use crate::rules::{Ended, Step};

/// One attempt that was made.
pub(super) struct Attempt {
    /// 1 for the first.
    pub(super) number: u32,
    pub(super) attempted_at: Timestamp,
    pub(super) took: Duration,
    pub(super) ended: Ended,
    pub(super) step: Step,
}

/// Settles the command and logs the attempt.
pub(super) async fn record(
    store: &Store,
    command: &DeliverCallback,
    claim: &Claim,
    attempt: Attempt,
) -> Result<(), StoreError> {
    let delivery = CallbackDelivery {
        command_id: claim.id(),
        verification_uuid: command.verification_uuid,
        callback_type: command.callback_type.as_str().to_owned(),
        attempt: attempt.number,
        attempted_at: attempt.attempted_at,
        outcome: outcome(&attempt.ended),
        http_status: status(&attempt.ended),
        took: attempt.took,
        out_of_order: false,
    };
    let why = why(&attempt.ended);
    let settlement = (claim.clone(), delivery.clone(), attempt.step, why.clone());
    let written = store.write("callback::record", settlement, |tx, (claim, delivery, step, why)| {
        Box::pin(settle(tx, claim, delivery, *step, why))
    });
    let out_of_order = written.await?;
    count(&attempt, claim);
    tell(&CallbackDelivery { out_of_order, ..delivery }, attempt.step, &why);
    Ok(())
}

/// Tells whether it was delivered although an earlier one of the verification was not.
async fn settle(
    tx: &mut Tx,
    claim: &Claim,
    delivery: &CallbackDelivery,
    step: Step,
    why: &str,
) -> Result<bool, StoreError> {
    let mut out_of_order = false;
    match step {
        Step::Delivered => {
            out_of_order = claim.is_out_of_order(tx).await?;
            claim.finish(tx).await?;
        }
        Step::Again { after, let_pass } => {
            if let_pass {
                claim.release_hold(tx).await?;
            }
            claim.retry(tx, after, why).await?;
        }
        Step::GiveUp => claim.fail(tx, why).await?,
    }
    callback_deliveries::insert(tx, &CallbackDelivery { out_of_order, ..delivery.clone() }).await?;
    Ok(out_of_order)
}

fn count(attempt: &Attempt, claim: &Claim) {
    waybill_metrics::callback_attempted(match &attempt.ended {
        ended if ended.is_delivered() => "delivered",
        Ended::Answered { .. } => "refused",
        Ended::Failed(_) => "failed",
    });
    match attempt.step {
        Step::Delivered => {
            let arrived = attempt.attempted_at + attempt.took;
            waybill_metrics::callback_delivered((arrived - claim.created_at()).to_std().unwrap_or_default());
        }
        Step::GiveUp => waybill_metrics::callback_given_up(1),
        Step::Again { .. } => {}
    }
}

fn tell(delivery: &CallbackDelivery, step: Step, why: &str) {
    let CallbackDelivery { verification_uuid: uuid, callback_type, attempt, out_of_order, .. } = delivery;
    match step {
        Step::Delivered => tracing::debug!(%uuid, callback_type, attempt, out_of_order, "callback delivered"),
        Step::Again { after, .. } => {
            let after_ms = after.as_millis() as u64;
            tracing::warn!(%uuid, callback_type, attempt, why, after_ms, "callback not delivered");
        }
        Step::GiveUp => {
            tracing::error!(alarm = "dead-letter", %uuid, callback_type, attempt, why, "the callback is given up");
        }
    }
}

/// For the log of deliveries: `DELIVERED`, or what went wrong.
fn outcome(ended: &Ended) -> String {
    match ended {
        ended if ended.is_delivered() => "DELIVERED".to_owned(),
        Ended::Answered { .. } => "NOT-200".to_owned(),
        Ended::Failed(error) => error.kind().to_ascii_uppercase(),
    }
}

fn status(ended: &Ended) -> Option<u32> {
    match ended {
        Ended::Answered { status, .. } => Some((*status).into()),
        Ended::Failed(_) => None,
    }
}

fn why(ended: &Ended) -> String {
    match ended {
        Ended::Answered { status, .. } => format!("the backend answered {status}"),
        Ended::Failed(error) => error.to_string(),
    }
}
