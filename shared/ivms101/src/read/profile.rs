//! The documents of the VerifyVASP profile, read and validated.
//!
//! `base` is the dotted path under which the document stands in the request, such as `payload.ivms101`; findings
//! start with it.

use serde_json::Value;
use waybill_domain::Role;

use super::fields::Fields;
use super::party::{named_person, party, vasp};
use crate::finding::{Checked, Finding, Findings, Rule};
use crate::keys;
use crate::minimise::names_only;
use crate::model::{Party, Payload, Person};
use crate::path::Path;
use crate::validate::{PartyRules, check_party};

/// Reads what an account check asks about: one account, and names where they are sent. Whatever else the persons
/// carry is left out, with a warning.
///
/// # Errors
/// All findings, in document order; at least one is an error.
pub fn read_account_check(ivms101: &Value, base: &str) -> Result<Checked<Party>, Vec<Finding>> {
    let (path, mut findings) = (Path::Base(base), Findings::default());
    let mut fields = Fields::open(ivms101, &path, &mut findings);
    let asked = read_party(&mut fields, Role::Beneficiary, &PartyRules::ACCOUNT_CHECK, &mut findings);
    fields.rest(&mut findings);
    let party = names_only(&asked);
    if party != asked {
        let text = "An account check passes on names and the account number only.";
        findings.warning(&path.key(keys::BENEFICIARY.name), Rule::OutsideProfile, text);
    }
    findings.check(party)
}

/// Reads the personal data of a verification: both parties with names and one account each, and the VASPs where they
/// are given.
///
/// # Errors
/// All findings, in document order; at least one is an error.
pub fn read_verification(ivms101: &Value, base: &str) -> Result<Checked<Payload>, Vec<Finding>> {
    let (path, mut findings) = (Path::Base(base), Findings::default());
    let mut fields = Fields::open(ivms101, &path, &mut findings);
    let rules = &PartyRules::VERIFICATION;
    let originator = read_party(&mut fields, Role::Originator, rules, &mut findings);
    let beneficiary = read_party(&mut fields, Role::Beneficiary, rules, &mut findings);
    let mut read_vasp = |key, role| {
        fields.object(key, &mut findings, |value, path, findings| vasp(value, role, path, findings))
    };
    let originating_vasp = read_vasp(&keys::ORIGINATING_VASP, Role::Originator);
    let beneficiary_vasp = read_vasp(&keys::BENEFICIARY_VASP, Role::Beneficiary);
    let other = fields.rest(&mut findings);
    findings.check(Payload { originator, beneficiary, originating_vasp, beneficiary_vasp, other })
}

/// Reads the beneficiary of an answer. How many accounts and which data it holds is for the caller to compare with
/// what was asked.
///
/// # Errors
/// All findings, in document order; at least one is an error.
pub fn read_answer(ivms101: &Value, base: &str) -> Result<Checked<Party>, Vec<Finding>> {
    let (path, mut findings) = (Path::Base(base), Findings::default());
    let mut fields = Fields::open(ivms101, &path, &mut findings);
    let party = read_party(&mut fields, Role::Beneficiary, &PartyRules::ANSWER, &mut findings);
    fields.rest(&mut findings);
    findings.check(party)
}

/// Reads one person with a name, such as a VASP's own legal person in the directory.
///
/// # Errors
/// All findings, in document order; at least one is an error.
pub fn read_person(value: &Value, base: &str) -> Result<Checked<Person>, Vec<Finding>> {
    let (path, mut findings) = (Path::Base(base), Findings::default());
    let person = named_person(value, &path, &mut findings);
    findings.check(person)
}

/// A party and what its rules say about it.
fn read_party(fields: &mut Fields<'_, '_>, role: Role, rules: &PartyRules, findings: &mut Findings) -> Party {
    let key = match role {
        Role::Originator => &keys::ORIGINATOR,
        Role::Beneficiary => &keys::BENEFICIARY,
    };
    let path = fields.path_of(key);
    let Some(party) =
        fields.object(key, findings, |value, path, findings| party(value, role, path, findings))
    else {
        findings.missing(&path);
        return Party::default();
    };
    let mut broken = Findings::default();
    check_party(&party, role, &path, rules, &mut broken);
    findings.add_rules(broken);
    party
}
