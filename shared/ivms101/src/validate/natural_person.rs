//! Human beings.

use super::address::addresses;
use super::identification;
use super::lengths;
use super::names::NameRules;
use super::values::{Script, country, entry, mandatory, mandatory_in, present, text};
use crate::finding::Rule;
use crate::findings::Findings;
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
    addresses(&person.addresses, path, findings);
    identification::of_natural_person(&person.national_identification, path, findings);
    let limit = lengths::CUSTOMER_IDENTIFICATION;
    text(&person.customer_identification, limit, path, &keys::CUSTOMER_IDENTIFICATION, findings);
    if let Some(birth) = &person.birth {
        self::birth(birth, &path.key(keys::DATE_AND_PLACE_OF_BIRTH.name), findings);
    }
    country(&person.country_of_residence, path, &keys::COUNTRY_OF_RESIDENCE, findings);
    country(&person.nationality, path, &keys::NATIONALITY, findings);
}

/// An originator must be told apart from others of the same name (C1).
pub(super) fn originator(person: &NaturalPerson, path: &Path<'_>, findings: &mut Findings) {
    let known = !person.addresses.is_empty()
        || person.customer_identification.is_some()
        || person.national_identification.is_some()
        || person.birth.is_some();
    if !known {
        let text = "The originator is known by name only: an address, a customer number, a national identification, or \
                    date and place of birth must be given as well.";
        findings.broken(path, Rule::NaturalOriginator, text);
    }
}

fn name(name: &NaturalName, script: Script, path: &Path<'_>, findings: &mut Findings) {
    let primary = path.key(keys::PRIMARY_IDENTIFIER.name);
    mandatory_in(script, &name.primary, lengths::NAME, &primary, findings);
    if let Some(secondary) = &name.secondary {
        entry(secondary, lengths::NAME, script, &path.key(keys::SECONDARY_IDENTIFIER.name), findings);
    }
    present(name.name_type, path, &keys::NAME_IDENTIFIER_TYPE, findings);
}

fn birth(birth: &Birth, path: &Path<'_>, findings: &mut Findings) {
    let date = birth.date.as_ref();
    present(date, path, &keys::DATE_OF_BIRTH, findings);
    if let (Some(date), Some(today)) = (date, findings.today)
        && **date >= today
    {
        let text = "The date of birth is not in the past.";
        findings.broken(&path.key(keys::DATE_OF_BIRTH.name), Rule::BirthInThePast, text);
    }
    let place = birth.place.as_deref().map_or("", String::as_str);
    mandatory(place, lengths::PLACE_OF_BIRTH, path, &keys::PLACE_OF_BIRTH, findings);
}
