//! Companies.

use serde_json::Value;

use super::fields::Fields;
use super::names::names;
use super::parts;
use crate::finding::Findings;
use crate::keys;
use crate::model::{LegalName, LegalPerson, LegalPersonName};
use crate::path::Path;

pub(super) fn legal_person(value: &Value, path: &Path<'_>, findings: &mut Findings) -> LegalPerson {
    let mut fields = Fields::open(value, path, findings);
    LegalPerson {
        name: fields.object(&keys::NAME, findings, name).unwrap_or_default(),
        addresses: fields.list(&keys::GEOGRAPHIC_ADDRESS, findings, parts::address),
        customer_identification: fields.text(&keys::CUSTOMER_IDENTIFICATION, findings),
        national_identification: fields.object(
            &keys::NATIONAL_IDENTIFICATION,
            findings,
            parts::national_identification,
        ),
        country_of_registration: fields.country(&keys::COUNTRY_OF_REGISTRATION, findings),
        date_of_incorporation: fields.date(&keys::DATE_OF_INCORPORATION, findings),
        other: fields.rest(findings),
    }
}

fn name(value: &Value, path: &Path<'_>, findings: &mut Findings) -> LegalPersonName {
    names(value, path, findings, identifier)
}

fn identifier(value: &Value, path: &Path<'_>, findings: &mut Findings) -> LegalName {
    let mut fields = Fields::open(value, path, findings);
    LegalName {
        name: fields.text(&keys::LEGAL_PERSON_NAME, findings).unwrap_or_default(),
        name_type: fields.code(&keys::LEGAL_PERSON_NAME_IDENTIFIER_TYPE, findings),
        other: fields.rest(findings),
    }
}
