//! The documents of the VerifyVASP profile, read and validated.
//!
//! `base` is the dotted path under which the document stands in the request, such as `payload.ivms101`; findings
//! start with it.

use chrono::NaiveDate;
use serde_json::Value;
use waybill_domain::Role;

use super::fields::Fields;
use super::party::{party, person, vasp};
use super::reading::Reading;
use super::transfer_path::{metadata, transfer_path};
use crate::finding::{Checked, Finding, Rule};
use crate::keys;
use crate::minimise::names_only;
use crate::model::{Party, Payload, Person};
use crate::path::Path;
use crate::profile::Profile;
use crate::validate::{PartyRules, check_party, check_person};

/// Reads what an account check asks about: one account, and names where they are sent. Whatever else the persons
/// carry is left out, with a warning.
///
/// # Errors
/// All findings, in document order; at least one is an error.
pub fn read_account_check(ivms101: &Value, base: &str) -> Result<Checked<Party>, Vec<Finding>> {
    let (path, mut reading) = (Path::Base(base), Reading::default());
    let mut fields = Fields::open(ivms101, &path, &mut reading);
    let asked = read_party(&mut fields, Role::Beneficiary, &PartyRules::ACCOUNT_CHECK, &mut reading);
    fields.rest(&mut reading);
    let party = names_only(&asked);
    if party != asked {
        let text = "An account check passes on names and the account number only.";
        reading.findings.warning(&path.key(keys::BENEFICIARY.name), Rule::OutsideProfile, text);
    }
    reading.findings.check(party, ivms101, base)
}

/// Reads the personal data of a verification: both parties with names and one account each, and the VASPs where they
/// are given. Dates of birth lie before the day `today`.
///
/// # Errors
/// All findings, in document order; at least one is an error.
pub fn read_verification(
    ivms101: &Value,
    base: &str,
    today: NaiveDate,
) -> Result<Checked<Payload>, Vec<Finding>> {
    let mut reading = Reading::by(Profile::VerifyVasp, Some(today));
    let path = Path::Base(base);
    let mut fields = Fields::open(ivms101, &path, &mut reading);
    let rules = &PartyRules::VERIFICATION;
    let originator = read_party(&mut fields, Role::Originator, rules, &mut reading);
    let beneficiary = read_party(&mut fields, Role::Beneficiary, rules, &mut reading);
    let mut its_vasp = |key| {
        fields.object(key, &mut reading, |value, path, reading| vasp(value, key, path, reading, named_person))
    };
    let originating_vasp = its_vasp(&keys::ORIGINATING_VASP);
    let beneficiary_vasp = its_vasp(&keys::BENEFICIARY_VASP);
    // No part of the profile: nothing is refused because of them.
    let transfer_path = fields.attempt(&keys::TRANSFER_PATH, &mut reading, transfer_path);
    let metadata = fields.attempt(&keys::PAYLOAD_METADATA, &mut reading, metadata);
    let other = fields.rest(&mut reading);
    let payload = Payload {
        originator,
        beneficiary,
        originating_vasp,
        beneficiary_vasp,
        transfer_path,
        metadata,
        other,
    };
    reading.findings.check(payload, ivms101, base)
}

/// Reads those who are to be screened, originator and beneficiary: either may be absent. Persons have names; accounts are
/// left free. Dates of birth lie before the day `today`.
///
/// # Errors
/// All findings, in document order; at least one is an error.
#[expect(clippy::type_complexity, reason = "two parties, either of which may be absent")]
pub fn read_screened(
    ivms101: &Value,
    base: &str,
    today: NaiveDate,
) -> Result<Checked<(Option<Party>, Option<Party>)>, Vec<Finding>> {
    let mut reading = Reading::by(Profile::VerifyVasp, Some(today));
    let path = Path::Base(base);
    let mut fields = Fields::open(ivms101, &path, &mut reading);
    let originator = read_given_party(&mut fields, Role::Originator, &mut reading);
    let beneficiary = read_given_party(&mut fields, Role::Beneficiary, &mut reading);
    fields.rest(&mut reading);
    reading.findings.check((originator, beneficiary), ivms101, base)
}

/// Reads the beneficiary of an answer. How many accounts and which data it holds is for the caller to compare with
/// what was asked.
///
/// # Errors
/// All findings, in document order; at least one is an error.
pub fn read_answer(ivms101: &Value, base: &str) -> Result<Checked<Party>, Vec<Finding>> {
    let (path, mut reading) = (Path::Base(base), Reading::default());
    let mut fields = Fields::open(ivms101, &path, &mut reading);
    let party = read_party(&mut fields, Role::Beneficiary, &PartyRules::ANSWER, &mut reading);
    fields.rest(&mut reading);
    reading.findings.check(party, ivms101, base)
}

/// Reads one person with a name, such as a VASP's own legal person in the directory.
///
/// # Errors
/// All findings, in document order; at least one is an error.
pub fn read_person(value: &Value, base: &str) -> Result<Checked<Person>, Vec<Finding>> {
    let (path, mut reading) = (Path::Base(base), Reading::default());
    let person = named_person(value, &path, &mut reading);
    reading.findings.check(person, value, base)
}

/// A party and what its rules say about it.
fn read_party(fields: &mut Fields<'_, '_>, role: Role, rules: &PartyRules, reading: &mut Reading) -> Party {
    let key = key_of(role);
    let path = fields.path_of(key);
    let party = fields.object(key, reading, |value, path, reading| party(value, role, path, reading));
    let mut broken = reading.findings.fork();
    let Some(mut party) = party else {
        broken.missing(&path);
        reading.findings.add_rules(broken);
        return Party::default();
    };
    // IVMS101.2023 has the accounts on the person; the profile has them on the party.
    party.gather_accounts();
    check_party(&party, role, &path, rules, &mut broken);
    reading.findings.add_rules(broken);
    party
}

fn key_of(role: Role) -> &'static keys::Key {
    match role {
        Role::Originator => &keys::ORIGINATOR,
        Role::Beneficiary => &keys::BENEFICIARY,
    }
}

/// A party that may be absent.
fn read_given_party(fields: &mut Fields<'_, '_>, role: Role, reading: &mut Reading) -> Option<Party> {
    let key = key_of(role);
    let path = fields.path_of(key);
    let party = fields.object(key, reading, |value, path, reading| party(value, role, path, reading))?;
    let mut broken = reading.findings.fork();
    check_party(&party, role, &path, &PartyRules::STANDARD, &mut broken);
    reading.findings.add_rules(broken);
    Some(party)
}

/// A person who must have a name.
fn named_person(value: &Value, path: &Path<'_>, reading: &mut Reading) -> Person {
    let person = person(value, path, reading);
    let mut rules = reading.findings.fork();
    check_person(&person, path, true, &mut rules);
    reading.findings.add_rules(rules);
    person
}
