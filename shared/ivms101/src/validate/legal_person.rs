//! Companies.

use super::address::addresses;
use super::identification;
use super::lengths;
use super::names::NameRules;
use super::values::{Script, country, mandatory_in, present, text};
use crate::finding::Rule;
use crate::findings::Findings;
use crate::keys;
use crate::model::{AddressType, LegalName, LegalNameType, LegalPerson};
use crate::path::Path;

const NAMES: NameRules<LegalName> = NameRules {
    rule: Rule::LegalPersonName,
    is_legal: |name| name.name_type == Some(LegalNameType::Legal),
    check: name,
};

pub(super) fn legal_person(person: &LegalPerson, path: &Path<'_>, named: bool, findings: &mut Findings) {
    NAMES.apply(&person.name, &path.key(keys::NAME.name), named, findings);
    addresses(&person.addresses, path, findings);
    let limit = lengths::CUSTOMER_IDENTIFICATION;
    text(&person.customer_identification, limit, path, &keys::CUSTOMER_IDENTIFICATION, findings);
    identification::of_legal_person(&person.national_identification, path, findings);
    country(&person.country_of_registration, path, &keys::COUNTRY_OF_REGISTRATION, findings);
}

/// An originator must be told apart from others of the same name (C4).
pub(super) fn originator(person: &LegalPerson, path: &Path<'_>, findings: &mut Findings) {
    let geographic = |kind| kind == Some(AddressType::Geographic);
    let known = person.addresses.iter().any(|address| geographic(address.address_type))
        || person.customer_identification.is_some()
        || person.national_identification.is_some();
    if !known {
        let text = "The originator is known by name only: an address of type GEOG, a customer number, or a national \
                    identification must be given as well.";
        findings.broken(path, Rule::LegalOriginator, text);
    }
}

fn name(name: &LegalName, script: Script, path: &Path<'_>, findings: &mut Findings) {
    let identifier = path.key(keys::LEGAL_PERSON_NAME.name);
    mandatory_in(script, &name.name, lengths::NAME, &identifier, findings);
    present(name.name_type, path, &keys::LEGAL_PERSON_NAME_IDENTIFIER_TYPE, findings);
}
