//! Finding one verification.

use waybill_domain::VerificationUuid;

use super::VerificationRow;
use crate::sql::values;
use crate::{StoreError, Tx};

/// The verification with an id.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, uuid: VerificationUuid) -> Result<Option<VerificationRow>, StoreError> {
    let row = tx
        .fetch_optional(
            "/* verifications::find */ SELECT * FROM verifications WHERE verification_uuid = ?",
            values![uuid],
        )
        .await?;
    row.as_ref().map(VerificationRow::read).transpose()
}
