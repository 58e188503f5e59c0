//! What is known of a natural person, in the vendor's fields.

use waybill_ivms101::model::{AddressType, NationalIdentifierType, NaturalPerson};
use waybill_ivms101::tables::countries;

use super::field::{Field, FieldType};

/// The fields in the order of their ids. What the vendor would not understand is left out: a case without it is
/// screened, a case with it refused.
pub(super) fn fields(person: &NaturalPerson) -> Vec<Field> {
    let birth = person.birth.as_ref();
    let date = birth.and_then(|birth| birth.date.as_deref());
    let date = date.map(|date| Field::date(FieldType::DateOfBirth, date.format("%Y-%m-%d").to_string()));
    let place = birth.and_then(|birth| birth.place.as_deref());
    let country = |type_id, country: Option<&'static str>| country.map(|code| Field::text(type_id, code));
    [
        date,
        country(FieldType::CountryLocation, residence(person)),
        country(FieldType::PlaceOfBirth, place.and_then(|place| country_named(place))),
        country(FieldType::Nationality, nationality(person)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The alpha-3 code of a country by either of its codes.
pub(super) fn country_named(code: &str) -> Option<&'static str> {
    let code = code.trim().to_ascii_uppercase();
    countries::alpha_3(&code).or_else(|| countries::alpha_2(&code).and_then(countries::alpha_3))
}

fn residence(person: &NaturalPerson) -> Option<&'static str> {
    let stated = person.country_of_residence.as_deref().and_then(|code| country_named(code));
    let lives_there =
        |kind: &Option<AddressType>| matches!(kind, Some(AddressType::Home | AddressType::Geographic));
    let homes = || person.addresses.iter().filter(|address| lives_there(&address.address_type));
    stated.or_else(|| homes().find_map(|address| country_named(&address.country)))
}

/// As stated; else the state that issued a passport or an identity card. Other documents are given to foreigners too.
fn nationality(person: &NaturalPerson) -> Option<&'static str> {
    let stated = person.nationality.as_deref().and_then(|code| country_named(code));
    let document = person.national_identification.as_ref().filter(|document| {
        use NationalIdentifierType::{IdentityCard, Passport};
        matches!(document.identifier_type, Some(Passport | IdentityCard))
    });
    let issuer = document.and_then(|document| document.country_of_issue.as_deref());
    stated.or_else(|| issuer.and_then(|code| country_named(code)))
}
