//! The VerifyVASP profile: the keys of IVMS101 (2020), accounts on the party, `nationality` and
//! `dateOfIncorporation` besides. Lists are always arrays; what is absent or empty is left out.

use serde_json::Value;
use waybill_domain::Role;

use super::object::Object;
use crate::keys;
use crate::model::{
    Address, Birth, LegalName, LegalPerson, Names, NationalIdentification, NaturalName, NaturalPerson, Party,
    Payload, Person, PersonDetails, Vasp,
};

/// `{originator, beneficiary, originatingVASP, beneficiaryVASP}`.
pub fn payload(payload: &Payload) -> Value {
    let vasp_of = |role, it: &Option<Vasp>| it.as_ref().map(|it| vasp(it, role));
    Object::default()
        .value(&keys::ORIGINATOR, Some(party(&payload.originator, Role::Originator)))
        .value(&keys::BENEFICIARY, Some(party(&payload.beneficiary, Role::Beneficiary)))
        .value(&keys::ORIGINATING_VASP, vasp_of(Role::Originator, &payload.originating_vasp))
        .value(&keys::BENEFICIARY_VASP, vasp_of(Role::Beneficiary, &payload.beneficiary_vasp))
        .finish(&payload.other)
}

/// `{beneficiary}`: what an account check and every answer carry.
pub fn beneficiary_only(beneficiary: &Party) -> Value {
    Object::default()
        .value(&keys::BENEFICIARY, Some(party(beneficiary, Role::Beneficiary)))
        .finish(&Default::default())
}

/// `{originatorPersons | beneficiaryPersons, accountNumber}`.
pub fn party(party: &Party, role: Role) -> Value {
    let persons = match role {
        Role::Originator => &keys::ORIGINATOR_PERSONS,
        Role::Beneficiary => &keys::BENEFICIARY_PERSONS,
    };
    Object::default()
        .list(persons, &party.persons, person)
        .texts(&keys::ACCOUNT_NUMBER, &party.account_numbers)
        .finish(&party.other)
}

/// The VASP of one side, wrapped in a field of its own name: `{originatingVASP: {legalPerson}}`.
pub fn vasp(vasp: &Vasp, role: Role) -> Value {
    let wrapper = match role {
        Role::Originator => &keys::ORIGINATING_VASP,
        Role::Beneficiary => &keys::BENEFICIARY_VASP,
    };
    Object::default().value(wrapper, vasp.person.as_ref().map(person)).finish(&vasp.other)
}

/// `{naturalPerson}` or `{legalPerson}`.
pub fn person(person: &Person) -> Value {
    let object = match &person.details {
        PersonDetails::Natural(it) => {
            Object::default().value(&keys::NATURAL_PERSON, Some(natural_person(it)))
        }
        PersonDetails::Legal(it) => Object::default().value(&keys::LEGAL_PERSON, Some(legal_person(it))),
    };
    object.finish(&person.other)
}

fn natural_person(person: &NaturalPerson) -> Value {
    Object::default()
        .value(&keys::NAME, (!person.name.is_empty()).then(|| names(&person.name, natural_name)))
        .list(&keys::GEOGRAPHIC_ADDRESS, &person.addresses, address)
        .value(
            &keys::NATIONAL_IDENTIFICATION,
            person.national_identification.as_ref().map(national_identification),
        )
        .private(&keys::CUSTOMER_IDENTIFICATION, &person.customer_identification)
        .value(&keys::DATE_AND_PLACE_OF_BIRTH, person.birth.as_ref().map(birth))
        .private(&keys::COUNTRY_OF_RESIDENCE, &person.country_of_residence)
        .private(&keys::NATIONALITY, &person.nationality)
        .finish(&person.other)
}

fn names<Name>(names: &Names<Name>, one: impl Fn(&Name) -> Value) -> Value {
    Object::default()
        .list(&keys::NAME_IDENTIFIER, &names.identifiers, &one)
        .list(&keys::LOCAL_NAME_IDENTIFIER, &names.local, &one)
        .list(&keys::PHONETIC_NAME_IDENTIFIER, &names.phonetic, &one)
        .finish(&names.other)
}

fn natural_name(name: &NaturalName) -> Value {
    Object::default()
        .text(&keys::PRIMARY_IDENTIFIER, Some(&name.primary))
        .private(&keys::SECONDARY_IDENTIFIER, &name.secondary)
        .text(&keys::NAME_IDENTIFIER_TYPE, name.name_type.map(|it| it.as_str()))
        .finish(&name.other)
}

fn birth(birth: &Birth) -> Value {
    Object::default()
        .text(&keys::DATE_OF_BIRTH, birth.date.as_ref().map(|date| date.to_string()).as_deref())
        .private(&keys::PLACE_OF_BIRTH, &birth.place)
        .finish(&birth.other)
}

fn legal_person(person: &LegalPerson) -> Value {
    let incorporated = person.date_of_incorporation.as_ref().map(|date| date.to_string());
    Object::default()
        .value(&keys::NAME, (!person.name.is_empty()).then(|| names(&person.name, legal_name)))
        .list(&keys::GEOGRAPHIC_ADDRESS, &person.addresses, address)
        .private(&keys::CUSTOMER_IDENTIFICATION, &person.customer_identification)
        .value(
            &keys::NATIONAL_IDENTIFICATION,
            person.national_identification.as_ref().map(national_identification),
        )
        .private(&keys::COUNTRY_OF_REGISTRATION, &person.country_of_registration)
        .text(&keys::DATE_OF_INCORPORATION, incorporated.as_deref())
        .finish(&person.other)
}

fn legal_name(name: &LegalName) -> Value {
    Object::default()
        .text(&keys::LEGAL_PERSON_NAME, Some(&name.name))
        .text(&keys::LEGAL_PERSON_NAME_IDENTIFIER_TYPE, name.name_type.map(|it| it.as_str()))
        .finish(&name.other)
}

fn address(address: &Address) -> Value {
    Object::default()
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
        .text(&keys::COUNTRY, Some(&address.country))
        .finish(&address.other)
}

fn national_identification(identification: &NationalIdentification) -> Value {
    Object::default()
        .text(&keys::NATIONAL_IDENTIFIER, Some(&identification.identifier))
        .text(&keys::NATIONAL_IDENTIFIER_TYPE, identification.identifier_type.map(|it| it.as_str()))
        .private(&keys::COUNTRY_OF_ISSUE, &identification.country_of_issue)
        .private(&keys::REGISTRATION_AUTHORITY, &identification.registration_authority)
        .finish(&identification.other)
}
