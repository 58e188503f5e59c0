//! What was said when the event happened: a later event may have changed the row.

use waybill_jobs::DeliverCallback;
use waybill_store::tables::verifications::VerificationRow;
use waybill_vault::{Column, Vault, VaultError};

/// The result at the time of the event.
pub(super) fn result(command: &DeliverCallback, row: &VerificationRow) -> String {
    command.result.clone().unwrap_or_else(|| row.result.as_str().to_owned())
}

/// Reason and message belong together: the row's are never given with what an earlier event said.
pub(super) fn reason_and_message(
    command: &DeliverCallback,
    row: &VerificationRow,
    vault: &Vault,
) -> Result<(Option<String>, Option<String>), VaultError> {
    let unchanged = command.result.as_deref().is_none_or(|result| result == row.result.as_str());
    let (reason, sealed) = match (&command.reason, &command.message_sealed) {
        (None, None) if unchanged => (&row.reason, &row.message_sealed),
        snapshot => snapshot,
    };
    let open = |sealed: &String| vault.open_column(row.uuid, Column::Message, sealed);
    let message = sealed.as_ref().map(open).transpose()?;
    Ok((reason.clone(), message.map(|text| text.to_string())))
}
