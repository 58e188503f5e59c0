//! Addresses and identifications.

use serde_json::Value;

use super::fields::Fields;
use super::reading::Reading;
use crate::keys;
use crate::model::{Address, NationalIdentification};
use crate::path::Path;

pub(super) fn address(value: &Value, path: &Path<'_>, reading: &mut Reading) -> Address {
    let mut fields = Fields::open(value, path, reading);
    Address {
        address_type: fields.code(&keys::ADDRESS_TYPE, reading),
        department: fields.text(&keys::DEPARTMENT, reading),
        sub_department: fields.text(&keys::SUB_DEPARTMENT, reading),
        street_name: fields.text(&keys::STREET_NAME, reading),
        building_number: fields.text(&keys::BUILDING_NUMBER, reading),
        building_name: fields.text(&keys::BUILDING_NAME, reading),
        floor: fields.text(&keys::FLOOR, reading),
        post_box: fields.text(&keys::POST_BOX, reading),
        room: fields.text(&keys::ROOM, reading),
        postcode: fields.text(&keys::POSTCODE, reading),
        town_name: fields.text(&keys::TOWN_NAME, reading),
        town_location_name: fields.text(&keys::TOWN_LOCATION_NAME, reading),
        district_name: fields.text(&keys::DISTRICT_NAME, reading),
        country_sub_division: fields.text(&keys::COUNTRY_SUB_DIVISION, reading),
        lines: fields.texts(&keys::ADDRESS_LINE, reading),
        country: fields.country(&keys::COUNTRY, reading).unwrap_or_default(),
        other: fields.rest(reading),
    }
}

pub(super) fn national_identification(
    value: &Value,
    path: &Path<'_>,
    reading: &mut Reading,
) -> NationalIdentification {
    let mut fields = Fields::open(value, path, reading);
    NationalIdentification {
        identifier: fields.text(&keys::NATIONAL_IDENTIFIER, reading).unwrap_or_default(),
        identifier_type: fields.code(&keys::NATIONAL_IDENTIFIER_TYPE, reading),
        country_of_issue: fields.country(&keys::COUNTRY_OF_ISSUE, reading),
        registration_authority: fields.text(&keys::REGISTRATION_AUTHORITY, reading),
        other: fields.rest(reading),
    }
}
