//! From the persons of a party to those who are screened.

use waybill_ivms101::model::{
    LegalName, LegalNameType, LegalPerson, Names, NaturalName, NaturalNameType, NaturalPerson, Party,
    PersonDetails,
};
use waybill_store::tables::wco_cases::EntityType;

use super::field::{Field, FieldType, Subject};
use super::of_natural;

/// A party that cannot be screened as a whole. Nobody of it is left out in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoName {
    /// It is known by its account alone.
    #[error("Nothing is known of the counterparty's person")]
    Nobody,
    /// One of its persons has no name.
    #[error("A person of the counterparty has no name")]
    Nameless,
}

/// Everybody of a party, in its order: also those who represent a legal person.
///
/// # Errors
/// [`NoName`].
pub(crate) fn subjects(party: &Party) -> Result<Vec<Subject>, NoName> {
    if party.persons.is_empty() {
        return Err(NoName::Nobody);
    }
    let of = |details: &PersonDetails| match details {
        PersonDetails::Natural(person) => individual(person),
        PersonDetails::Legal(person) => organisation(person),
    };
    party.persons.iter().map(|person| of(&person.details).ok_or(NoName::Nameless)).collect()
}

fn individual(person: &NaturalPerson) -> Option<Subject> {
    let is_legal = |name: &NaturalName| name.name_type == Some(NaturalNameType::Legal);
    let name = first_name(&person.name, is_legal, whole_name)?;
    Some(Subject { entity_type: EntityType::Individual, name, secondary_fields: of_natural::fields(person) })
}

fn organisation(person: &LegalPerson) -> Option<Subject> {
    let is_legal = |name: &LegalName| name.name_type == Some(LegalNameType::Legal);
    let name = first_name(&person.name, is_legal, |name| name.name.trim().to_owned())?;
    let country = person.country_of_registration.as_deref().and_then(|code| of_natural::country_named(code));
    let country = country.map(|code| Field::text(FieldType::RegisteredCountry, code));
    Some(Subject {
        entity_type: EntityType::Organisation,
        name,
        secondary_fields: country.into_iter().collect(),
    })
}

/// Given names first, as World-Check One expects them.
fn whole_name(name: &NaturalName) -> String {
    let given = name.secondary.as_deref().map(|given| given.trim()).unwrap_or_default();
    format!("{given} {}", name.primary.trim()).trim().to_owned()
}

/// The legal name, else the first that is not empty: in Latin letters, in the local script, as it sounds.
fn first_name<Name>(
    names: &Names<Name>,
    is_legal: impl Fn(&Name) -> bool,
    text: impl Fn(&Name) -> String,
) -> Option<String> {
    let in_order = [&names.identifiers, &names.local, &names.phonetic];
    let legal_first = |names: &Vec<Name>| {
        let legal = names.iter().filter(|name| is_legal(name)).map(&text);
        legal.chain(names.iter().map(&text)).find(|text| !text.is_empty())
    };
    in_order.into_iter().find_map(legal_first)
}
