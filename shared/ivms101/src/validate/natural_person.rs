//! Human beings.

use super::lengths::{self, code, country, mandatory, text};
use super::names::NameRules;
use super::parts;
use crate::finding::{Findings, Rule};
use crate::keys;
use crate::model::{Birth, NaturalName, NaturalNameType, NaturalPerson};
use crate::path::Path;

const NAMES: NameRules<NaturalName> = NameRules {
    rule: Rule::NaturalPersonName,
    is_legal: |name| name.name_type == Some(NaturalNameType::Legal),
    check: name,
};

pub(super) fn natural_person(person: &NaturalPerson, path: &Path<'_>, named: bool, findings: &mut Findings) {
    NAMES.apply(&person.name, &path.key(keys::NAME.name), named, findings);
    parts::addresses(&person.addresses, path, findings);
    parts::national_identification(&person.national_identification, path, findings);
    let limit = lengths::CUSTOMER_IDENTIFICATION;
    text(&person.customer_identification, limit, path, &keys::CUSTOMER_IDENTIFICATION, findings);
    if let Some(birth) = &person.birth {
        self::birth(birth, &path.key(keys::DATE_AND_PLACE_OF_BIRTH.name), findings);
    }
    country(&person.country_of_residence, path, &keys::COUNTRY_OF_RESIDENCE, findings);
    country(&person.nationality, path, &keys::NATIONALITY, findings);
}

fn name(name: &NaturalName, path: &Path<'_>, findings: &mut Findings) {
    mandatory(&name.primary, lengths::NAME, path, &keys::PRIMARY_IDENTIFIER, findings);
    text(&name.secondary, lengths::NAME, path, &keys::SECONDARY_IDENTIFIER, findings);
    code(name.name_type, path, &keys::NAME_IDENTIFIER_TYPE, findings);
}

fn birth(birth: &Birth, path: &Path<'_>, findings: &mut Findings) {
    code(birth.date.as_ref(), path, &keys::DATE_OF_BIRTH, findings);
    let place = birth.place.as_deref().map_or("", String::as_str);
    mandatory(place, lengths::PLACE_OF_BIRTH, path, &keys::PLACE_OF_BIRTH, findings);
}
