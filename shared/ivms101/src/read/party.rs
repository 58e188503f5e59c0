//! Parties, their persons and their VASPs.

use serde_json::Value;
use waybill_domain::Role;

use super::fields::Fields;
use super::legal_person::legal_person;
use super::natural_person::natural_person;
use crate::finding::{Findings, Rule};
use crate::keys;
use crate::model::{Party, Person, PersonDetails, Private, Vasp};
use crate::path::Path;
use crate::validate::check_person;

pub(super) fn party(value: &Value, role: Role, path: &Path<'_>, findings: &mut Findings) -> Party {
    let persons_key = match role {
        Role::Originator => &keys::ORIGINATOR_PERSONS,
        Role::Beneficiary => &keys::BENEFICIARY_PERSONS,
    };
    let mut fields = Fields::open(value, path, findings);
    let read = fields.list(persons_key, findings, person_with_accounts);
    let mut account_numbers = fields.texts(&keys::ACCOUNT_NUMBER, findings);
    let mut persons = Vec::with_capacity(read.len());
    for (person, accounts) in read {
        persons.push(person);
        // IVMS101.2023 has the accounts on the person; the profile has them on the party.
        account_numbers.extend(accounts);
    }
    Party { persons, account_numbers, other: fields.rest(findings) }
}

fn person(value: &Value, path: &Path<'_>, findings: &mut Findings) -> Person {
    let mut fields = Fields::open(value, path, findings);
    let details = details(&mut fields, path, findings);
    Person { details, other: fields.rest(findings) }
}

fn person_with_accounts(
    value: &Value,
    path: &Path<'_>,
    findings: &mut Findings,
) -> (Person, Vec<Private<String>>) {
    let mut fields = Fields::open(value, path, findings);
    let details = details(&mut fields, path, findings);
    let accounts = fields.texts(&keys::ACCOUNT_NUMBER, findings);
    (Person { details, other: fields.rest(findings) }, accounts)
}

fn details(fields: &mut Fields<'_, '_>, path: &Path<'_>, findings: &mut Findings) -> PersonDetails {
    let legal = fields.object(&keys::LEGAL_PERSON, findings, legal_person);
    let natural = fields.object(&keys::NATURAL_PERSON, findings, natural_person);
    match (legal, natural) {
        (Some(legal), None) => PersonDetails::Legal(Box::new(legal)),
        (None, Some(natural)) => PersonDetails::Natural(Box::new(natural)),
        _ => {
            let text = "A person has either `naturalPerson` or `legalPerson`.";
            findings.error(path, Rule::PersonKind, text);
            PersonDetails::Natural(Box::default())
        }
    }
}

/// A person who must have a name.
pub(super) fn named_person(value: &Value, path: &Path<'_>, findings: &mut Findings) -> Person {
    let person = person(value, path, findings);
    let mut rules = Findings::default();
    check_person(&person, path, true, &mut rules);
    findings.add_rules(rules);
    person
}

/// A VASP: wrapped once more in a field of its own name, as the standard has it, or flat.
pub(super) fn vasp(value: &Value, role: Role, path: &Path<'_>, findings: &mut Findings) -> Vasp {
    if value.get(keys::LEGAL_PERSON.name).or(value.get(keys::NATURAL_PERSON.name)).is_some() {
        return named_person(value, path, findings).into();
    }
    let wrapper = match role {
        Role::Originator => &keys::ORIGINATING_VASP,
        Role::Beneficiary => &keys::BENEFICIARY_VASP,
    };
    let mut fields = Fields::open(value, path, findings);
    Vasp { person: fields.object(wrapper, findings, named_person), other: fields.rest(findings) }
}
