//! A VASP that is its own counterparty: one row with both roles, so the answer may be there before it was sent.

use waybill_context::Context;
use waybill_jobs::{CallbackType, Command as _, DeliverCallback};
use waybill_store::tables::commands::{self, CommandFilter, NewCommand};
use waybill_store::tables::verifications::VerificationRow;
use waybill_store::{StoreError, Tx};

use super::ending::result_callback;

/// More than one verification can have.
const CALLBACKS: u32 = 16;

/// Whether both sides are the same VASP.
pub(super) fn is_own_counterparty(row: &VerificationRow) -> bool {
    row.originating_vasp_id == row.beneficiary_vasp_id
}

/// The callback for an answer that the beneficiary's side has written already.
pub(super) fn callback_of(ctx: &Context, row: &VerificationRow, traceparent: Option<&str>) -> NewCommand {
    let (reason, message) = (row.reason.clone(), row.message_sealed.clone());
    result_callback(ctx, row.uuid, row.result, reason, message, traceparent)
}

/// Adds the callback of the result, unless there is one.
pub(super) async fn add_missing_callback(
    tx: &mut Tx,
    row: &VerificationRow,
    callback: &NewCommand,
) -> Result<(), StoreError> {
    let filter = CommandFilter {
        kind: Some(DeliverCallback::KIND.to_owned()),
        group_key: Some(row.uuid.to_string()),
        status: None,
    };
    let known = commands::list(tx, &filter, CALLBACKS).await?;
    let is_result = |body: &str| {
        let callback = serde_json::from_str::<DeliverCallback>(body);
        callback.is_ok_and(|callback| callback.callback_type == CallbackType::VerificationResult)
    };
    if known.iter().any(|command| is_result(&command.body)) {
        return Ok(());
    }
    commands::insert(tx, callback).await
}
