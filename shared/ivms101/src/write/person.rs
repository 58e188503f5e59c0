//! Persons.

use serde_json::Value;

use super::loss::LossReason;
use super::object::Object;
use super::style::Accounts;
use super::writer::Writer;
use crate::keys::{self, Key};
use crate::model::{
    Address, Birth, LegalName, LegalPerson, Names, NationalIdentification, NaturalName, NaturalPerson,
    Person, PersonDetails, Private,
};
use crate::path::Path;

/// `{naturalPerson}` or `{legalPerson}`, with the given accounts.
pub(super) fn person(
    writer: &mut Writer,
    person: &Person,
    accounts: &[Private<String>],
    path: &Path<'_>,
) -> Value {
    let (key, details) = match &person.details {
        PersonDetails::Natural(it) => {
            let key = &keys::NATURAL_PERSON;
            (key, natural_person(writer, it, &path.key(key.name)))
        }
        PersonDetails::Legal(it) => {
            let key = &keys::LEGAL_PERSON;
            (key, legal_person(writer, it, &path.key(key.name)))
        }
    };
    let object = Object::default().value(key, Some(details)).texts(&keys::ACCOUNT_NUMBER, accounts);
    writer.finish(object, &person.other, path)
}

/// A person who stands for a VASP. Only 2023 gives accounts to every person.
pub(super) fn vasp_person(writer: &mut Writer, it: &Person, path: &Path<'_>) -> Value {
    let can_say = writer.style.open || writer.style.accounts == Accounts::OfPerson;
    if !can_say && !it.account_numbers.is_empty() {
        writer.lose(&path.key(keys::ACCOUNT_NUMBER.name), LossReason::AccountOfVasp);
    }
    let accounts = if can_say { writer.accounts(&it.account_numbers, path) } else { Vec::new() };
    person(writer, it, &accounts, path)
}

fn natural_person(writer: &mut Writer, person: &NaturalPerson, path: &Path<'_>) -> Value {
    let nationality = person.nationality.as_deref().map(String::as_str);
    let object = Object::default()
        .value(&keys::NAME, natural_names(writer, person, path))
        .values(&keys::GEOGRAPHIC_ADDRESS, addresses(writer, &person.addresses, path))
        .value(&keys::NATIONAL_IDENTIFICATION, identification(writer, &person.national_identification, path))
        .private(&keys::CUSTOMER_IDENTIFICATION, &person.customer_identification)
        .value(
            &keys::DATE_AND_PLACE_OF_BIRTH,
            writer.maybe(&keys::DATE_AND_PLACE_OF_BIRTH, person.birth.as_ref(), path, birth),
        )
        .private(&keys::COUNTRY_OF_RESIDENCE, &person.country_of_residence)
        .text(&keys::NATIONALITY, writer.extension(&keys::NATIONALITY, nationality, path));
    writer.finish(object, &person.other, path)
}

fn natural_names(writer: &mut Writer, person: &NaturalPerson, path: &Path<'_>) -> Option<Value> {
    let default_script = writer.style.name_type;
    names(writer, &person.name, path, |writer, name, key, path| {
        let is_local = key.name != keys::NAME_IDENTIFIER.name;
        natural_name(writer, name, if is_local { &keys::NAME_IDENTIFIER_TYPE } else { default_script }, path)
    })
}

fn natural_name(writer: &mut Writer, name: &NaturalName, name_type: &Key, path: &Path<'_>) -> Value {
    let object = Object::default()
        .text(&keys::PRIMARY_IDENTIFIER, Some(&name.primary))
        .private(&keys::SECONDARY_IDENTIFIER, &name.secondary)
        .text(name_type, name.name_type.map(|it| it.as_str()));
    writer.finish(object, &name.other, path)
}

/// The names of a person, if there are any; `one` writes one of those under a key.
fn names<Name>(
    writer: &mut Writer,
    names: &Names<Name>,
    path: &Path<'_>,
    one: impl Fn(&mut Writer, &Name, &Key, &Path<'_>) -> Value,
) -> Option<Value> {
    let (path, mut object) = (&path.key(keys::NAME.name), Object::default());
    for (key, names) in [
        (&keys::NAME_IDENTIFIER, &names.identifiers),
        (&keys::LOCAL_NAME_IDENTIFIER, &names.local),
        (&keys::PHONETIC_NAME_IDENTIFIER, &names.phonetic),
    ] {
        let written = writer.each(key, names, path, |writer, name, path| one(writer, name, key, path));
        object = object.values(key, written);
    }
    let written = writer.finish(object, &names.other, path);
    written.as_object().is_some_and(|fields| !fields.is_empty()).then_some(written)
}

fn birth(writer: &mut Writer, birth: &Birth, path: &Path<'_>) -> Value {
    let object = Object::default()
        .text(&keys::DATE_OF_BIRTH, birth.date.as_ref().map(|date| date.to_string()).as_deref())
        .private(&keys::PLACE_OF_BIRTH, &birth.place);
    writer.finish(object, &birth.other, path)
}

fn legal_person(writer: &mut Writer, person: &LegalPerson, path: &Path<'_>) -> Value {
    let incorporated = person.date_of_incorporation.as_ref().map(|date| date.to_string());
    let incorporated = writer.extension(&keys::DATE_OF_INCORPORATION, incorporated.as_deref(), path);
    let object = Object::default()
        .value(
            &keys::NAME,
            names(writer, &person.name, path, |writer, name, _, path| legal_name(writer, name, path)),
        )
        .values(&keys::GEOGRAPHIC_ADDRESS, addresses(writer, &person.addresses, path))
        .private(writer.style.legal_customer, &person.customer_identification)
        .value(&keys::NATIONAL_IDENTIFICATION, identification(writer, &person.national_identification, path))
        .private(&keys::COUNTRY_OF_REGISTRATION, &person.country_of_registration)
        .text(&keys::DATE_OF_INCORPORATION, incorporated);
    writer.finish(object, &person.other, path)
}

fn legal_name(writer: &mut Writer, name: &LegalName, path: &Path<'_>) -> Value {
    let object = Object::default()
        .text(&keys::LEGAL_PERSON_NAME, Some(&name.name))
        .text(&keys::LEGAL_PERSON_NAME_IDENTIFIER_TYPE, name.name_type.map(|it| it.as_str()));
    writer.finish(object, &name.other, path)
}

fn addresses(writer: &mut Writer, addresses: &[Address], path: &Path<'_>) -> Vec<Value> {
    writer.each(&keys::GEOGRAPHIC_ADDRESS, addresses, path, address)
}

fn address(writer: &mut Writer, address: &Address, path: &Path<'_>) -> Value {
    let object = Object::default()
        .text(&keys::ADDRESS_TYPE, address.address_type.map(|it| it.as_str()))
        .private(&keys::DEPARTMENT, &address.department)
        .private(&keys::SUB_DEPARTMENT, &address.sub_department)
        .private(&keys::STREET_NAME, &address.street_name)
        .private(&keys::BUILDING_NUMBER, &address.building_number)
        .private(&keys::BUILDING_NAME, &address.building_name)
        .private(&keys::FLOOR, &address.floor)
        .private(&keys::POST_BOX, &address.post_box)
        .private(&keys::ROOM, &address.room)
        .private(&keys::POSTCODE, &address.postcode)
        .private(&keys::TOWN_NAME, &address.town_name)
        .private(&keys::TOWN_LOCATION_NAME, &address.town_location_name)
        .private(&keys::DISTRICT_NAME, &address.district_name)
        .private(&keys::COUNTRY_SUB_DIVISION, &address.country_sub_division)
        .texts(&keys::ADDRESS_LINE, &address.lines)
        .text(&keys::COUNTRY, Some(&address.country));
    writer.finish(object, &address.other, path)
}

fn identification(
    writer: &mut Writer,
    identification: &Option<NationalIdentification>,
    path: &Path<'_>,
) -> Option<Value> {
    let key = &keys::NATIONAL_IDENTIFICATION;
    writer.maybe(key, identification.as_ref(), path, |writer, it, path| {
        let object = Object::default()
            .text(&keys::NATIONAL_IDENTIFIER, Some(&it.identifier))
            .text(&keys::NATIONAL_IDENTIFIER_TYPE, it.identifier_type.map(|it| it.as_str()))
            .private(&keys::COUNTRY_OF_ISSUE, &it.country_of_issue)
            .private(&keys::REGISTRATION_AUTHORITY, &it.registration_authority);
        writer.finish(object, &it.other, path)
    })
}
