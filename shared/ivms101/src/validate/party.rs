//! Parties and their persons.

use waybill_domain::{Role, limits};

use super::legal_person::legal_person;
use super::lengths::entry;
use super::natural_person::natural_person;
use crate::finding::{Finding, Findings, Rule};
use crate::keys;
use crate::model::{Party, Payload, Person, PersonDetails};
use crate::path::Path;

/// What a profile demands of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartyRules {
    /// At least one person.
    pub persons: bool,
    /// A name for each person that is there.
    pub names: bool,
    /// Exactly one account number.
    pub one_account: bool,
}

impl PartyRules {
    /// The account is the question; a person comes with a name or not at all.
    pub const ACCOUNT_CHECK: Self = Self { persons: false, names: true, one_account: true };
    /// Both sides of a verification.
    pub const VERIFICATION: Self = Self { persons: true, names: true, one_account: true };
    /// What comes back: only what was asked for, perhaps without names.
    pub const ANSWER: Self = Self { persons: false, names: false, one_account: false };
}

/// Validates a party. `base` is the dotted path under which it stands.
pub fn validate_party(party: &Party, role: Role, rules: &PartyRules, base: &str) -> Vec<Finding> {
    let mut findings = Findings::default();
    check_party(party, role, &Path::Base(base), rules, &mut findings);
    findings.into_sorted()
}

/// Validates one person, who must have a name. `base` is the dotted path under which the person stands.
pub fn validate_person(person: &Person, base: &str) -> Vec<Finding> {
    let mut findings = Findings::default();
    check_person(person, &Path::Base(base), true, &mut findings);
    findings.into_sorted()
}

/// Validates the personal data of a verification. `base` is the dotted path under which it stands.
pub fn validate_payload(payload: &Payload, base: &str) -> Vec<Finding> {
    let (path, mut findings) = (Path::Base(base), Findings::default());
    let rules = &PartyRules::VERIFICATION;
    let (originator, beneficiary) = (path.key(keys::ORIGINATOR.name), path.key(keys::BENEFICIARY.name));
    check_party(&payload.originator, Role::Originator, &originator, rules, &mut findings);
    check_party(&payload.beneficiary, Role::Beneficiary, &beneficiary, rules, &mut findings);
    let originating = (&payload.originating_vasp, &keys::ORIGINATING_VASP);
    for (vasp, key) in [originating, (&payload.beneficiary_vasp, &keys::BENEFICIARY_VASP)] {
        if let Some(person) = vasp.as_ref().and_then(|vasp| vasp.person.as_ref()) {
            check_person(person, &path.key(key.name).key(key.name), true, &mut findings);
        }
    }
    findings.into_sorted()
}

pub(crate) fn check_party(
    party: &Party,
    role: Role,
    path: &Path<'_>,
    rules: &PartyRules,
    findings: &mut Findings,
) {
    let persons_key = match role {
        Role::Originator => &keys::ORIGINATOR_PERSONS,
        Role::Beneficiary => &keys::BENEFICIARY_PERSONS,
    };
    check_persons(&party.persons, &path.key(persons_key.name), rules, findings);
    check_accounts(party, &path.key(keys::ACCOUNT_NUMBER.name), rules, findings);
}

fn check_persons(persons: &[Person], path: &Path<'_>, rules: &PartyRules, findings: &mut Findings) {
    if persons.is_empty() && rules.persons {
        findings.missing(path);
    }
    for (at, person) in persons.iter().enumerate() {
        let path = &path.item(at);
        if at > 0 && matches!(person.details, PersonDetails::Legal(_)) {
            let text = "A legal person stands first, followed by the natural persons who represent it.";
            findings.error(path, Rule::PersonOrder, text);
        }
        check_person(person, path, rules.names, findings);
    }
}

fn check_accounts(party: &Party, path: &Path<'_>, rules: &PartyRules, findings: &mut Findings) {
    if rules.one_account {
        match party.account_numbers.len() {
            0 => findings.missing(path),
            1 => {}
            _ => findings.error(path, Rule::AccountCount, "Exactly one account number is expected."),
        }
    }
    for (at, account_number) in party.account_numbers.iter().enumerate() {
        entry(account_number, limits::ACCOUNT_NUMBER, &path.item(at), findings);
    }
}

pub(crate) fn check_person(person: &Person, path: &Path<'_>, named: bool, findings: &mut Findings) {
    match &person.details {
        PersonDetails::Natural(person) => {
            natural_person(person, &path.key(keys::NATURAL_PERSON.name), named, findings);
        }
        PersonDetails::Legal(person) => {
            legal_person(person, &path.key(keys::LEGAL_PERSON.name), named, findings);
        }
    }
}
