//! Reads what a command is about.

use waybill_context::Context;
use waybill_domain::{Role, VerificationUuid};
use waybill_store::StoreError;
use waybill_store::tables::verifications::{self, VerificationRow};

/// The verification, when there is one in which this node has the role.
pub(super) async fn load(
    ctx: &Context,
    uuid: VerificationUuid,
    role: Role,
) -> Result<Option<VerificationRow>, StoreError> {
    let find =
        ctx.store.read("verifications::find", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
    Ok(find.await?.filter(|row| row.is(ctx.own_id, role)))
}
