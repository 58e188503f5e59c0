//! Parties, their persons and their VASPs.

use serde_json::Value;
use waybill_domain::Role;

use super::fields::Fields;
use super::habits::Habit;
use super::legal_person::legal_person;
use super::natural_person::natural_person;
use super::reading::Reading;
use crate::finding::Rule;
use crate::keys::{self, Key};
use crate::model::{Party, Person, PersonDetails, Vasp};
use crate::path::Path;

pub(super) fn party(value: &Value, role: Role, path: &Path<'_>, reading: &mut Reading) -> Party {
    let persons_key = match role {
        Role::Originator => &keys::ORIGINATOR_PERSONS,
        Role::Beneficiary => &keys::BENEFICIARY_PERSONS,
    };
    let mut fields = Fields::open(value, path, reading);
    let persons = fields.list(persons_key, reading, person);
    let account_numbers = fields.texts(&keys::ACCOUNT_NUMBER, reading);
    let of_persons = persons.iter().any(|person| !person.account_numbers.is_empty());
    reading.habits.saw_if(of_persons, Habit::AccountsOfPerson);
    reading.habits.saw_if(!account_numbers.is_empty(), Habit::AccountsOfParty);
    reading.habits.saw_if(!account_numbers.is_empty() && persons.is_empty(), Habit::AccountAlone);
    Party { persons, account_numbers, other: fields.rest(reading) }
}

pub(super) fn person(value: &Value, path: &Path<'_>, reading: &mut Reading) -> Person {
    let mut fields = Fields::open(value, path, reading);
    let details = details(&mut fields, path, reading);
    let account_numbers = fields.texts(&keys::ACCOUNT_NUMBER, reading);
    Person { details, account_numbers, other: fields.rest(reading) }
}

fn details(fields: &mut Fields<'_, '_>, path: &Path<'_>, reading: &mut Reading) -> PersonDetails {
    let legal = fields.object(&keys::LEGAL_PERSON, reading, legal_person);
    let natural = fields.object(&keys::NATURAL_PERSON, reading, natural_person);
    if fields.are_there() && legal.is_some() == natural.is_some() {
        let text = "A person has either `naturalPerson` or `legalPerson`.";
        reading.findings.error(path, Rule::PersonKind, text);
    }
    match (legal, natural) {
        (Some(legal), _) => PersonDetails::Legal(Box::new(legal)),
        (None, natural) => PersonDetails::Natural(Box::new(natural.unwrap_or_default())),
    }
}

/// A VASP: wrapped once more in a field of its own name, as the standard has it, or flat. `person` reads who it is.
pub(super) fn vasp(
    value: &Value,
    wrapper: &Key,
    path: &Path<'_>,
    reading: &mut Reading,
    person: fn(&Value, &Path<'_>, &mut Reading) -> Person,
) -> Vasp {
    if Fields::has(value, &keys::LEGAL_PERSON) || Fields::has(value, &keys::NATURAL_PERSON) {
        reading.habits.saw(Habit::FlatVasp);
        return person(value, path, reading).into();
    }
    let mut fields = Fields::open(value, path, reading);
    Vasp { person: fields.object(wrapper, reading, person), other: fields.rest(reading) }
}
