//! Companies.

use serde_json::Value;

use super::fields::Fields;
use super::names::names;
use super::parts;
use super::reading::Reading;
use crate::keys;
use crate::model::{LegalName, LegalPerson, LegalPersonName};
use crate::path::Path;

pub(super) fn legal_person(value: &Value, path: &Path<'_>, reading: &mut Reading) -> LegalPerson {
    let mut fields = Fields::open(value, path, reading);
    LegalPerson {
        name: fields.object(&keys::NAME, reading, name).unwrap_or_default(),
        addresses: fields.list(&keys::GEOGRAPHIC_ADDRESS, reading, parts::address),
        customer_identification: fields.text(&keys::CUSTOMER_IDENTIFICATION, reading),
        national_identification: fields.object(
            &keys::NATIONAL_IDENTIFICATION,
            reading,
            parts::national_identification,
        ),
        country_of_registration: fields.country(&keys::COUNTRY_OF_REGISTRATION, reading),
        date_of_incorporation: fields.date(&keys::DATE_OF_INCORPORATION, reading),
        other: fields.rest(reading),
    }
}

fn name(value: &Value, path: &Path<'_>, reading: &mut Reading) -> LegalPersonName {
    names(value, path, reading, identifier)
}

fn identifier(value: &Value, path: &Path<'_>, reading: &mut Reading) -> LegalName {
    let mut fields = Fields::open(value, path, reading);
    LegalName {
        name: fields.text(&keys::LEGAL_PERSON_NAME, reading).unwrap_or_default(),
        name_type: fields.code(&keys::LEGAL_PERSON_NAME_IDENTIFIER_TYPE, reading),
        other: fields.rest(reading),
    }
}
