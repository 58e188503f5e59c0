//! The two VASPs of a request, from the directory.

use serde_json::Value;
use waybill_directory::{Directory, Member};
use waybill_domain::{Fault, Role, Timestamp, VaspId, codes};

/// The VASP to which personal data may be sent now.
///
/// # Errors
/// `DIRECTORY-EXPIRED`, `ALLIANCE-NOT-FOUND`, `ALLIANCE-NOT-ACTIVE`.
pub(crate) fn counterparty(directory: &Directory, id: VaspId, now: Timestamp) -> Result<&Member, Fault> {
    if directory.is_expired(now) {
        return Err(codes::directory_expired());
    }
    let member = directory.member(id).ok_or_else(codes::alliance_not_found)?;
    if member.active { Ok(member) } else { Err(codes::alliance_not_active()) }
}

/// Our own entry.
///
/// # Errors
/// `SERVICE-UNAVAILABLE` while the directory does not list us.
pub(crate) fn ourselves(directory: &Directory, own_id: VaspId) -> Result<&Member, Fault> {
    directory.member(own_id).ok_or_else(|| {
        tracing::error!(alarm = "not-a-member", %own_id, "the directory does not list this VASP");
        codes::service_unavailable()
    })
}

/// The IVMS101 block of a member: its legal person, wrapped as the standard has it.
pub(crate) fn ivms101_block(member: &Member, role: Role) -> Value {
    let key = match role {
        Role::Originator => "originatingVASP",
        Role::Beneficiary => "beneficiaryVASP",
    };
    serde_json::json!({ key: member.legal_person })
}
