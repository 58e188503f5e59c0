//! Human beings.

use super::lengths::{self, code, country, mandatory, text};
use super::parts;
use crate::finding::{Findings, Rule};
use crate::keys::{self, Key};
use crate::model::{Birth, NaturalName, NaturalNameType, NaturalPerson, NaturalPersonName};
use crate::path::Path;

pub(super) fn natural_person(person: &NaturalPerson, path: &Path<'_>, named: bool, findings: &mut Findings) {
    name(&person.name, &path.key(keys::NAME.name), named, findings);
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

fn name(name: &NaturalPersonName, path: &Path<'_>, named: bool, findings: &mut Findings) {
    let identifiers = path.key(keys::NAME_IDENTIFIER.name);
    let legal = |name: &NaturalName| name.name_type == Some(NaturalNameType::Legal);
    if named && name.is_empty() {
        findings.missing(path);
    } else if named && name.identifiers.is_empty() {
        findings.missing(&identifiers);
    } else if !name.identifiers.is_empty() && !name.identifiers.iter().any(legal) {
        findings.error(&identifiers, Rule::NaturalPersonName, "One name must be of type LEGL.");
    }
    names(&name.identifiers, path, &keys::NAME_IDENTIFIER, findings);
    names(&name.local, path, &keys::LOCAL_NAME_IDENTIFIER, findings);
    names(&name.phonetic, path, &keys::PHONETIC_NAME_IDENTIFIER, findings);
}

fn names(names: &[NaturalName], path: &Path<'_>, key: &Key, findings: &mut Findings) {
    let path = path.key(key.name);
    for (at, name) in names.iter().enumerate() {
        let path = &path.item(at);
        mandatory(&name.primary, lengths::NAME, path, &keys::PRIMARY_IDENTIFIER, findings);
        text(&name.secondary, lengths::NAME, path, &keys::SECONDARY_IDENTIFIER, findings);
        code(name.name_type, path, &keys::NAME_IDENTIFIER_TYPE, findings);
    }
}

fn birth(birth: &Birth, path: &Path<'_>, findings: &mut Findings) {
    code(birth.date.as_ref(), path, &keys::DATE_OF_BIRTH, findings);
    let place = birth.place.as_deref().map_or("", String::as_str);
    mandatory(place, lengths::PLACE_OF_BIRTH, path, &keys::PLACE_OF_BIRTH, findings);
}
