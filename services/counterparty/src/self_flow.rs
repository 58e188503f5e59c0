//! A VASP that is its own counterparty: one row serves both sides, so what one side tells the other may be there before
//! it was sent.

use waybill_domain::VerificationUuid;
use waybill_jobs::{CallbackType, Command as _, DeliverCallback};
use waybill_store::tables::commands::{self, CommandFilter, NewCommand};
use waybill_store::tables::verifications::VerificationRow;
use waybill_store::{StoreError, Tx};

/// More than one verification can have.
const CALLBACKS: u32 = 16;

/// Whether both sides are the same VASP. Then the originating side keeps the row.
pub(crate) fn is_own_counterparty(row: &VerificationRow) -> bool {
    row.originating_vasp_id == row.beneficiary_vasp_id
}

/// Adds a callback unless the verification has one of its type: on a row that serves both sides, the state does not
/// tell.
pub(crate) async fn add_missing_callback(
    tx: &mut Tx,
    uuid: VerificationUuid,
    callback_type: CallbackType,
    callback: &NewCommand,
) -> Result<(), StoreError> {
    let filter = CommandFilter {
        kind: Some(DeliverCallback::KIND.to_owned()),
        group_key: Some(uuid.to_string()),
        status: None,
    };
    let known = commands::list(tx, &filter, CALLBACKS).await?;
    let is_same = |body: &str| {
        let known = serde_json::from_str::<DeliverCallback>(body);
        known.is_ok_and(|known| known.callback_type == callback_type)
    };
    if known.iter().any(|command| is_same(&command.body)) {
        return Ok(());
    }
    commands::insert(tx, callback).await
}
