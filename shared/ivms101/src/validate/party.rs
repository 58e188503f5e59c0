//! Parties and their persons.

use waybill_domain::Role;

use super::legal_person::{self, legal_person};
use super::natural_person::{self, natural_person};
use super::values::{Script, entry};
use crate::finding::Rule;
use crate::findings::Findings;
use crate::keys;
use crate::model::{Party, Person, PersonDetails, Private};
use crate::path::Path;
use crate::profile::Profile;

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
    /// Both sides of a document of the standard, which leaves the accounts free.
    pub const STANDARD: Self = Self { persons: true, names: true, one_account: false };

    /// What a profile demands of both sides of a transfer.
    pub const fn of(profile: Profile) -> Self {
        if profile.is_standard() { Self::STANDARD } else { Self::VERIFICATION }
    }
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
    let persons = &path.key(persons_key.name);
    check_persons(&party.persons, persons, rules, findings);
    if role == Role::Originator {
        check_originators(party, persons, findings);
    }
    check_accounts(&party.account_numbers, &path.key(keys::ACCOUNT_NUMBER.name), rules, findings);
}

fn check_persons(persons: &[Person], path: &Path<'_>, rules: &PartyRules, findings: &mut Findings) {
    if persons.is_empty() && rules.persons {
        findings.missing(path);
    }
    for (at, person) in persons.iter().enumerate() {
        let path = &path.item(at);
        let company = matches!(person.details, PersonDetails::Legal(_));
        if at > 0 && company && !findings.profile.is_standard() {
            let text = "A legal person stands first, followed by the natural persons who represent it.";
            findings.broken(path, Rule::PersonOrder, text);
        }
        check_person(person, path, rules.names, findings);
    }
}

/// Who represents a company is no originator: the company is.
fn check_originators(party: &Party, path: &Path<'_>, findings: &mut Findings) {
    let of_company = party.is_legal();
    for (at, person) in party.persons.iter().enumerate() {
        let path = path.item(at);
        match &person.details {
            PersonDetails::Legal(it) => {
                legal_person::originator(it, &path.key(keys::LEGAL_PERSON.name), findings);
            }
            PersonDetails::Natural(it) if !of_company => {
                natural_person::originator(it, &path.key(keys::NATURAL_PERSON.name), findings);
            }
            PersonDetails::Natural(_) => {}
        }
    }
}

fn check_accounts(
    account_numbers: &[Private<String>],
    path: &Path<'_>,
    rules: &PartyRules,
    findings: &mut Findings,
) {
    if rules.one_account {
        match account_numbers.len() {
            0 => findings.missing(path),
            1 => {}
            _ => findings.broken(path, Rule::AccountCount, "Exactly one account number is expected."),
        }
    }
    let limit = findings.profile.account_number();
    for (at, account_number) in account_numbers.iter().enumerate() {
        entry(account_number, limit, Script::Any, &path.item(at), findings);
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
    let accounts = PartyRules { one_account: false, ..PartyRules::ANSWER };
    check_accounts(&person.account_numbers, &path.key(keys::ACCOUNT_NUMBER.name), &accounts, findings);
}
