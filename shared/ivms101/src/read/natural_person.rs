//! Human beings.

use serde_json::Value;

use super::fields::{self, Fields};
use super::names::names;
use super::parts;
use super::reading::Reading;
use crate::keys;
use crate::model::{Birth, NaturalName, NaturalPerson, NaturalPersonName};
use crate::path::Path;

pub(super) fn natural_person(value: &Value, path: &Path<'_>, reading: &mut Reading) -> NaturalPerson {
    let mut fields = Fields::open(value, path, reading);
    NaturalPerson {
        name: fields.object(&keys::NAME, reading, name).unwrap_or_default(),
        addresses: fields.list(&keys::GEOGRAPHIC_ADDRESS, reading, parts::address),
        national_identification: fields.object(
            &keys::NATIONAL_IDENTIFICATION,
            reading,
            parts::national_identification,
        ),
        customer_identification: fields.text(&keys::CUSTOMER_IDENTIFICATION, reading),
        birth: fields.object(&keys::DATE_AND_PLACE_OF_BIRTH, reading, birth),
        country_of_residence: fields.country(&keys::COUNTRY_OF_RESIDENCE, reading),
        nationality: fields.country(&keys::NATIONALITY, reading),
        other: fields.rest(reading),
    }
}

fn name(value: &Value, path: &Path<'_>, reading: &mut Reading) -> NaturalPersonName {
    names(value, path, reading, identifier)
}

fn identifier(value: &Value, path: &Path<'_>, reading: &mut Reading) -> NaturalName {
    let mut fields = Fields::open(value, path, reading);
    NaturalName {
        primary: fields.text(&keys::PRIMARY_IDENTIFIER, reading).unwrap_or_default(),
        secondary: fields.text(&keys::SECONDARY_IDENTIFIER, reading),
        name_type: fields.code(&keys::NAME_IDENTIFIER_TYPE, reading),
        other: fields.rest(reading),
    }
}

/// Date and place, or a bare date.
fn birth(value: &Value, path: &Path<'_>, reading: &mut Reading) -> Birth {
    if value.is_string() {
        return Birth { date: fields::date(value, path, reading), ..Birth::default() };
    }
    let mut fields = Fields::open(value, path, reading);
    Birth {
        date: fields.date(&keys::DATE_OF_BIRTH, reading),
        place: fields.text(&keys::PLACE_OF_BIRTH, reading),
        other: fields.rest(reading),
    }
}
