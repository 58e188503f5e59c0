//! The verification that a risk assessment is about.

use waybill_context::Context;
use waybill_domain::{Fault, Role, VaspId, VerificationResult, VerificationUuid, codes};
use waybill_store::StoreError;
use waybill_store::tables::verifications::{self, VerificationRow};

/// The verification with this id.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn find(
    ctx: &Context,
    uuid: VerificationUuid,
) -> Result<Option<VerificationRow>, StoreError> {
    ctx.store.read("screening::find", uuid, |tx, uuid| Box::pin(verifications::find(tx, *uuid))).await
}

/// The verification and our role in it, for a request of our backend.
///
/// # Errors
/// `NOT-FOUND-VERIFICATION`; `UNSUPPORTED-RISK-ASSESSMENT` while it has no result.
pub(crate) async fn asked_about(
    ctx: &Context,
    uuid: VerificationUuid,
) -> Result<(VerificationRow, Role), Fault> {
    let row = find(ctx, uuid).await.map_err(|error| unavailable(&error))?;
    let row = row.ok_or_else(|| codes::not_found_verification(uuid))?;
    let role = role(&row, ctx.own_id).ok_or_else(|| codes::not_found_verification(uuid))?;
    if row.result == VerificationResult::Wait {
        return Err(codes::unsupported_risk_assessment("The verification has no result yet"));
    }
    Ok((row, role))
}

/// Our role; a VASP that is its own counterparty acts as the originator.
pub(crate) fn role(row: &VerificationRow, own_id: VaspId) -> Option<Role> {
    [Role::Originator, Role::Beneficiary].into_iter().find(|role| row.is(own_id, *role))
}

/// The VASP on the other side of `role`.
pub(crate) fn counterparty(row: &VerificationRow, role: Role) -> VaspId {
    match role {
        Role::Originator => row.beneficiary_vasp_id,
        Role::Beneficiary => row.originating_vasp_id,
    }
}

/// Logs a failure of the database, and says so to whoever waits.
pub(crate) fn unavailable(error: &StoreError) -> Fault {
    tracing::error!(%error, "a risk assessment could not be read or stored");
    if error.is_transient() { codes::database_unavailable() } else { codes::internal_error() }
}
