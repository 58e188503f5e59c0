//! Companies.

use super::lengths::{self, code, country, mandatory, text};
use super::parts;
use crate::finding::{Findings, Rule};
use crate::keys::{self, Key};
use crate::model::{LegalName, LegalNameType, LegalPerson, LegalPersonName};
use crate::path::Path;

pub(super) fn legal_person(person: &LegalPerson, path: &Path<'_>, named: bool, findings: &mut Findings) {
    name(&person.name, &path.key(keys::NAME.name), named, findings);
    parts::addresses(&person.addresses, path, findings);
    let limit = lengths::CUSTOMER_IDENTIFICATION;
    text(&person.customer_identification, limit, path, &keys::CUSTOMER_IDENTIFICATION, findings);
    parts::national_identification(&person.national_identification, path, findings);
    country(&person.country_of_registration, path, &keys::COUNTRY_OF_REGISTRATION, findings);
}

fn name(name: &LegalPersonName, path: &Path<'_>, named: bool, findings: &mut Findings) {
    let identifiers = path.key(keys::NAME_IDENTIFIER.name);
    let legal = |name: &LegalName| name.name_type == Some(LegalNameType::Legal);
    if named && name.is_empty() {
        findings.missing(path);
    } else if named && name.identifiers.is_empty() {
        findings.missing(&identifiers);
    } else if !name.identifiers.is_empty() && !name.identifiers.iter().any(legal) {
        findings.error(&identifiers, Rule::LegalPersonName, "One name must be of type LEGL.");
    }
    names(&name.identifiers, path, &keys::NAME_IDENTIFIER, findings);
    names(&name.local, path, &keys::LOCAL_NAME_IDENTIFIER, findings);
    names(&name.phonetic, path, &keys::PHONETIC_NAME_IDENTIFIER, findings);
}

fn names(names: &[LegalName], path: &Path<'_>, key: &Key, findings: &mut Findings) {
    let path = path.key(key.name);
    for (at, name) in names.iter().enumerate() {
        let path = &path.item(at);
        mandatory(&name.name, lengths::NAME, path, &keys::LEGAL_PERSON_NAME, findings);
        code(name.name_type, path, &keys::LEGAL_PERSON_NAME_IDENTIFIER_TYPE, findings);
    }
}
