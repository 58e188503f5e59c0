//! Human beings.

use serde_json::Value;

use super::fields::Fields;
use super::names::names;
use super::parts;
use crate::finding::Findings;
use crate::keys;
use crate::model::{Birth, NaturalName, NaturalPerson, NaturalPersonName};
use crate::path::Path;

pub(super) fn natural_person(value: &Value, path: &Path<'_>, findings: &mut Findings) -> NaturalPerson {
    let mut fields = Fields::open(value, path, findings);
    NaturalPerson {
        name: fields.object(&keys::NAME, findings, name).unwrap_or_default(),
        addresses: fields.list(&keys::GEOGRAPHIC_ADDRESS, findings, parts::address),
        national_identification: fields.object(
            &keys::NATIONAL_IDENTIFICATION,
            findings,
            parts::national_identification,
        ),
        customer_identification: fields.text(&keys::CUSTOMER_IDENTIFICATION, findings),
        birth: fields.object(&keys::DATE_AND_PLACE_OF_BIRTH, findings, birth),
        country_of_residence: fields.country(&keys::COUNTRY_OF_RESIDENCE, findings),
        nationality: fields.country(&keys::NATIONALITY, findings),
        other: fields.rest(findings),
    }
}

fn name(value: &Value, path: &Path<'_>, findings: &mut Findings) -> NaturalPersonName {
    names(value, path, findings, identifier)
}

fn identifier(value: &Value, path: &Path<'_>, findings: &mut Findings) -> NaturalName {
    let mut fields = Fields::open(value, path, findings);
    NaturalName {
        primary: fields.text(&keys::PRIMARY_IDENTIFIER, findings).unwrap_or_default(),
        secondary: fields.text(&keys::SECONDARY_IDENTIFIER, findings),
        name_type: fields.code(&keys::NAME_IDENTIFIER_TYPE, findings),
        other: fields.rest(findings),
    }
}

fn birth(value: &Value, path: &Path<'_>, findings: &mut Findings) -> Birth {
    let mut fields = Fields::open(value, path, findings);
    Birth {
        date: fields.date(&keys::DATE_OF_BIRTH, findings),
        place: fields.text(&keys::PLACE_OF_BIRTH, findings),
        other: fields.rest(findings),
    }
}
