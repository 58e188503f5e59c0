//! Who may say what about a verification.

use waybill_domain::{Fault, Role, VaspId, VerificationUuid, codes};
use waybill_store::tables::verifications::{self, VerificationRow};

use super::{Listener, Message, faults};

/// Checks that `sender` has the role in the verification, and we the other one. For anybody else the verification
/// does not exist.
///
/// # Errors
/// `WRONG-ROLE`, `VERIFICATION-NOT-FOUND`.
pub(super) fn check(row: &VerificationRow, own: VaspId, sender: VaspId, role: Role) -> Result<(), Fault> {
    if row.is(sender, role) && row.is(own, role.other()) {
        Ok(())
    } else if row.is(sender, role.other()) && row.is(own, role) {
        Err(codes::wrong_role())
    } else {
        Err(codes::verification_not_found(row.uuid))
    }
}

/// The verification that a message of a party is about.
///
/// # Errors
/// Those of [`check`].
pub(super) async fn known(
    listener: &Listener,
    message: &Message,
    uuid: VerificationUuid,
    role: Role,
) -> Result<VerificationRow, Fault> {
    let find = listener
        .ctx
        .store
        .read("verifications::find", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid)));
    let row = find.await.map_err(faults::of_store)?.ok_or_else(|| codes::verification_not_found(uuid))?;
    check(&row, listener.ctx.own_id, message.sender(), role)?;
    Ok(row)
}
