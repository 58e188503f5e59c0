//! Companies.

use super::lengths::{self, code, country, mandatory, text};
use super::names::NameRules;
use super::parts;
use crate::finding::{Findings, Rule};
use crate::keys;
use crate::model::{LegalName, LegalNameType, LegalPerson};
use crate::path::Path;

const NAMES: NameRules<LegalName> = NameRules {
    rule: Rule::LegalPersonName,
    is_legal: |name| name.name_type == Some(LegalNameType::Legal),
    check: name,
};

pub(super) fn legal_person(person: &LegalPerson, path: &Path<'_>, named: bool, findings: &mut Findings) {
    NAMES.apply(&person.name, &path.key(keys::NAME.name), named, findings);
    parts::addresses(&person.addresses, path, findings);
    let limit = lengths::CUSTOMER_IDENTIFICATION;
    text(&person.customer_identification, limit, path, &keys::CUSTOMER_IDENTIFICATION, findings);
    parts::national_identification(&person.national_identification, path, findings);
    country(&person.country_of_registration, path, &keys::COUNTRY_OF_REGISTRATION, findings);
}

fn name(name: &LegalName, path: &Path<'_>, findings: &mut Findings) {
    mandatory(&name.name, lengths::NAME, path, &keys::LEGAL_PERSON_NAME, findings);
    code(name.name_type, path, &keys::LEGAL_PERSON_NAME_IDENTIFIER_TYPE, findings);
}
