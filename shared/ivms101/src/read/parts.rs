//! Addresses and identifications.

use serde_json::Value;

use super::fields::Fields;
use crate::finding::Findings;
use crate::keys;
use crate::model::{Address, NationalIdentification};
use crate::path::Path;

pub(super) fn address(value: &Value, path: &Path<'_>, findings: &mut Findings) -> Address {
    let mut fields = Fields::open(value, path, findings);
    Address {
        address_type: fields.code(&keys::ADDRESS_TYPE, findings),
        department: fields.text(&keys::DEPARTMENT, findings),
        sub_department: fields.text(&keys::SUB_DEPARTMENT, findings),
        street_name: fields.text(&keys::STREET_NAME, findings),
        building_number: fields.text(&keys::BUILDING_NUMBER, findings),
        building_name: fields.text(&keys::BUILDING_NAME, findings),
        floor: fields.text(&keys::FLOOR, findings),
        post_box: fields.text(&keys::POST_BOX, findings),
        room: fields.text(&keys::ROOM, findings),
        postcode: fields.text(&keys::POSTCODE, findings),
        town_name: fields.text(&keys::TOWN_NAME, findings),
        town_location_name: fields.text(&keys::TOWN_LOCATION_NAME, findings),
        district_name: fields.text(&keys::DISTRICT_NAME, findings),
        country_sub_division: fields.text(&keys::COUNTRY_SUB_DIVISION, findings),
        lines: fields.texts(&keys::ADDRESS_LINE, findings),
        country: fields.country(&keys::COUNTRY, findings).unwrap_or_default(),
        other: fields.rest(findings),
    }
}

pub(super) fn national_identification(
    value: &Value,
    path: &Path<'_>,
    findings: &mut Findings,
) -> NationalIdentification {
    let mut fields = Fields::open(value, path, findings);
    NationalIdentification {
        identifier: fields.text(&keys::NATIONAL_IDENTIFIER, findings).unwrap_or_default(),
        identifier_type: fields.code(&keys::NATIONAL_IDENTIFIER_TYPE, findings),
        country_of_issue: fields.country(&keys::COUNTRY_OF_ISSUE, findings),
        registration_authority: fields.text(&keys::REGISTRATION_AUTHORITY, findings),
        other: fields.rest(findings),
    }
}
