//! The VerifyVASP profile: the keys of IVMS101 (2020), accounts on the party, `nationality` and
//! `dateOfIncorporation` besides. Lists are always arrays; what is absent or empty is left out; unknown fields are
//! written back.
//!
//! The one thing that gets lost is which of several persons holds which account; [`convert`](super::convert()) says so.
//! The documents that the readers of this profile give have nothing to lose.

use serde_json::Value;
use waybill_domain::Role;

use super::style::VERIFY_VASP;
use super::writer::Writer;
use super::{party, payload, person};
use crate::keys;
use crate::model::{Party, Payload, Person, Vasp};
use crate::path::Path;

/// `{originator, beneficiary, originatingVASP, beneficiaryVASP}`.
pub fn payload(payload: &Payload) -> Value {
    payload::payload(&mut Writer::new(&VERIFY_VASP), payload, &Path::Base(""))
}

/// `{beneficiary}`: what an account check and every answer carry.
pub fn beneficiary_only(beneficiary: &Party) -> Value {
    serde_json::json!({ keys::BENEFICIARY.name: party(beneficiary, Role::Beneficiary) })
}

/// `{originatorPersons | beneficiaryPersons, accountNumber}`.
pub fn party(party: &Party, role: Role) -> Value {
    party::party(&mut Writer::new(&VERIFY_VASP), party, role, &Path::Base(""))
}

/// The VASP of one side, wrapped in a field of its own name: `{originatingVASP: {legalPerson}}`.
pub fn vasp(vasp: &Vasp, role: Role) -> Value {
    let wrapper = match role {
        Role::Originator => &keys::ORIGINATING_VASP,
        Role::Beneficiary => &keys::BENEFICIARY_VASP,
    };
    party::vasp(&mut Writer::new(&VERIFY_VASP), vasp, wrapper, &Path::Base(""))
}

/// `{naturalPerson}` or `{legalPerson}`.
pub fn person(person: &Person) -> Value {
    person::vasp_person(&mut Writer::new(&VERIFY_VASP), person, &Path::Base(""))
}
