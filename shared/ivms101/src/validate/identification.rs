//! What a state or a registry gave a person to be told apart by.

use super::lengths;
use super::values::{country, mandatory, present, text};
use crate::finding::Rule;
use crate::findings::Findings;
use crate::keys;
use crate::model::{NationalIdentification, NationalIdentifierType};
use crate::path::Path;
use crate::tables::{lei, registration_authorities};

/// The identification of a human being, who may trade under a registration too.
pub(super) fn of_natural_person(
    identification: &Option<NationalIdentification>,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    if let Some(it) = identification {
        common(it, &path.key(keys::NATIONAL_IDENTIFICATION.name), findings);
    }
}

/// The identification of a company: what else it must and must not hold (C7, C9).
pub(super) fn of_legal_person(
    identification: &Option<NationalIdentification>,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    use NationalIdentifierType as Type;
    let Some(it) = identification else { return };
    let path = &path.key(keys::NATIONAL_IDENTIFICATION.name);
    common(it, path, findings);
    let Some(kind) = it.identifier_type else { return };
    if !matches!(kind, Type::RegistrationAuthority | Type::Other | Type::LegalEntityIdentifier | Type::Tax) {
        let text =
            "A legal person is identified by RAID, LEIX, TXID or MISC; the others belong to natural persons.";
        findings.broken(&path.key(keys::NATIONAL_IDENTIFIER_TYPE.name), Rule::LegalIdentifierType, text);
    }
    if it.country_of_issue.is_some() {
        let text =
            "A legal person has no country of issue: the registration authority says where it is registered.";
        findings.broken(&path.key(keys::COUNTRY_OF_ISSUE.name), Rule::LegalRegistration, text);
    }
    let authority = &path.key(keys::REGISTRATION_AUTHORITY.name);
    match (kind, it.registration_authority.is_some()) {
        (Type::LegalEntityIdentifier, true) => {
            let text = "With a Legal Entity Identifier no registration authority is given.";
            findings.broken(authority, Rule::LegalRegistration, text);
        }
        (Type::LegalEntityIdentifier, false) | (_, true) => {}
        (_, false) => {
            let text = "The registration authority that gave the identifier is missing (GLEIF's code, such as RA000523).";
            findings.broken(authority, Rule::LegalRegistration, text);
        }
    }
}

fn common(it: &NationalIdentification, path: &Path<'_>, findings: &mut Findings) {
    mandatory(&it.identifier, lengths::NATIONAL_IDENTIFIER, path, &keys::NATIONAL_IDENTIFIER, findings);
    present(it.identifier_type, path, &keys::NATIONAL_IDENTIFIER_TYPE, findings);
    country(&it.country_of_issue, path, &keys::COUNTRY_OF_ISSUE, findings);
    let limit = lengths::REGISTRATION_AUTHORITY;
    text(&it.registration_authority, limit, path, &keys::REGISTRATION_AUTHORITY, findings);
    if let Some(code) = &it.registration_authority {
        authority(code, &path.key(keys::REGISTRATION_AUTHORITY.name), findings);
    }
    if it.identifier_type == Some(NationalIdentifierType::LegalEntityIdentifier) && !it.identifier.is_empty()
    {
        legal_entity_identifier(&it.identifier, &path.key(keys::NATIONAL_IDENTIFIER.name), findings);
    }
}

/// C10. Our copy of the list is older than some codes: what it lacks is a warning.
fn authority(code: &str, path: &Path<'_>, findings: &mut Findings) {
    if !registration_authorities::is_well_formed(code) {
        // One that is too long was named for it.
        if code.chars().count() <= lengths::REGISTRATION_AUTHORITY {
            let text = "A registration authority is given by GLEIF's code for it: RA and six digits.";
            findings.broken(path, Rule::RegistrationAuthority, text);
        }
    } else if !registration_authorities::is_listed(code) {
        let edition = registration_authorities::EDITION;
        let text =
            format!("GLEIF's list of registration authorities (version {edition}) does not have this code.");
        findings.warning(path, Rule::RegistrationAuthority, text);
    }
}

fn legal_entity_identifier(lei: &str, path: &Path<'_>, findings: &mut Findings) {
    if !lei::is_well_formed(lei) {
        let text = "A Legal Entity Identifier has 18 capitals or digits and two check digits.";
        findings.broken(path, Rule::LeiFormat, text);
    } else if !lei::has_right_checksum(lei) {
        let text = "The check digits of the Legal Entity Identifier are wrong: a letter may be mistyped.";
        findings.broken(path, Rule::Checksum, text);
    }
}
