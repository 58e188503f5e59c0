//! Parties, their accounts, their VASPs.

use serde_json::Value;
use waybill_domain::Role;

use super::loss::LossReason;
use super::object::Object;
use super::person::{person, vasp_person};
use super::style::Accounts;
use super::writer::Writer;
use crate::keys::{self, Key};
use crate::model::{Party, Private, Vasp};
use crate::path::Path;

/// `{originatorPersons | beneficiaryPersons, accountNumber}`.
pub(super) fn party(writer: &mut Writer, party: &Party, role: Role, path: &Path<'_>) -> Value {
    let key = persons_key(writer, role);
    // Paths are those of the profile, whatever is written.
    let named = match role {
        Role::Originator => &keys::ORIGINATOR_PERSONS,
        Role::Beneficiary => &keys::BENEFICIARY_PERSONS,
    };
    let persons_path = path.key(named.name);
    let (of_party, of_persons) = match writer.style.accounts {
        Accounts::OfParty => gathered(writer, party, path, &persons_path),
        Accounts::OfPerson => handed_out(writer, party, path, &persons_path),
    };
    let persons = party.persons.iter().zip(of_persons).enumerate();
    let persons = persons.map(|(at, (it, accounts))| person(writer, it, &accounts, &persons_path.item(at)));
    let object = Object::default().values(key, persons.collect());
    let object = object.texts(&keys::ACCOUNT_NUMBER, &of_party);
    writer.finish(object, &party.other, path)
}

fn persons_key(writer: &Writer, role: Role) -> &'static Key {
    match role {
        Role::Originator => writer.style.originator_persons,
        Role::Beneficiary => writer.style.beneficiary_persons,
    }
}

type AccountList = Vec<Private<String>>;

/// All accounts on the party: its own, then those of its persons.
fn gathered(
    writer: &mut Writer,
    party: &Party,
    path: &Path<'_>,
    persons_path: &Path<'_>,
) -> (AccountList, Vec<AccountList>) {
    let mut accounts = writer.accounts(&party.account_numbers, path);
    let several = party.persons.len() > 1;
    for (at, person) in party.persons.iter().enumerate().filter(|(_, it)| !it.account_numbers.is_empty()) {
        let path = persons_path.item(at);
        if several {
            writer.lose(&path.key(keys::ACCOUNT_NUMBER.name), LossReason::AccountOwner);
        }
        accounts.extend(writer.accounts(&person.account_numbers, &path));
    }
    (accounts, vec![Vec::new(); party.persons.len()])
}

/// No accounts on the party: its own go to the first person, behind the accounts that this person has.
fn handed_out(
    writer: &mut Writer,
    party: &Party,
    path: &Path<'_>,
    persons_path: &Path<'_>,
) -> (AccountList, Vec<AccountList>) {
    let persons = party.persons.iter().enumerate();
    let mut accounts: Vec<AccountList> = persons
        .map(|(at, person)| writer.accounts(&person.account_numbers, &persons_path.item(at)))
        .collect();
    if !party.account_numbers.is_empty() {
        let at = path.key(keys::ACCOUNT_NUMBER.name);
        match accounts.as_mut_slice() {
            [] => writer.lose(&at, LossReason::AccountWithoutPerson),
            [first, others @ ..] => {
                if !others.is_empty() {
                    writer.lose(&at, LossReason::AccountOwnerChosen);
                }
                first.extend(writer.accounts(&party.account_numbers, path));
            }
        }
    }
    (Vec::new(), accounts)
}

/// A VASP, wrapped in a field of its own name: `{originatingVASP: {legalPerson}}`.
pub(super) fn vasp(writer: &mut Writer, vasp: &Vasp, wrapper: &Key, path: &Path<'_>) -> Value {
    let person = writer.maybe(wrapper, vasp.person.as_ref(), path, vasp_person);
    let object = Object::default().value(wrapper, person);
    writer.finish(object, &vasp.other, path)
}
