//! Addresses and identifications.

use super::lengths::{self, code, country, entry, mandatory, text};
use crate::finding::{Findings, Rule};
use crate::keys;
use crate::model::{Address, NationalIdentification, Private};
use crate::path::Path;

pub(super) fn addresses(addresses: &[Address], path: &Path<'_>, findings: &mut Findings) {
    let path = path.key(keys::GEOGRAPHIC_ADDRESS.name);
    for (at, entry) in addresses.iter().enumerate() {
        address(entry, &path.item(at), findings);
    }
}

fn address(address: &Address, path: &Path<'_>, findings: &mut Findings) {
    code(address.address_type, path, &keys::ADDRESS_TYPE, findings);
    for (value, limit, key) in [
        (&address.department, 50, &keys::DEPARTMENT),
        (&address.sub_department, 70, &keys::SUB_DEPARTMENT),
        (&address.street_name, 70, &keys::STREET_NAME),
        (&address.building_number, 16, &keys::BUILDING_NUMBER),
        (&address.building_name, 35, &keys::BUILDING_NAME),
        (&address.floor, 70, &keys::FLOOR),
        (&address.post_box, 16, &keys::POST_BOX),
        (&address.room, 70, &keys::ROOM),
        (&address.postcode, 16, &keys::POSTCODE),
        (&address.town_name, 35, &keys::TOWN_NAME),
        (&address.town_location_name, 35, &keys::TOWN_LOCATION_NAME),
        (&address.district_name, 35, &keys::DISTRICT_NAME),
        (&address.country_sub_division, 35, &keys::COUNTRY_SUB_DIVISION),
    ] {
        text(value, limit, path, key, findings);
    }
    lines(&address.lines, &path.key(keys::ADDRESS_LINE.name), findings);
    if address.country.is_empty() {
        findings.missing(&path.key(keys::COUNTRY.name));
    } else {
        country(&Some(address.country.clone()), path, &keys::COUNTRY, findings);
    }
}

fn lines(lines: &[Private<String>], path: &Path<'_>, findings: &mut Findings) {
    if lines.len() > lengths::ADDRESS_LINES {
        findings.error(path, Rule::Length, "An address has at most 7 lines.");
    }
    for (at, line) in lines.iter().enumerate() {
        entry(line, lengths::ADDRESS_LINE, &path.item(at), findings);
    }
}

pub(super) fn national_identification(
    identification: &Option<NationalIdentification>,
    path: &Path<'_>,
    findings: &mut Findings,
) {
    let Some(it) = identification else { return };
    let path = &path.key(keys::NATIONAL_IDENTIFICATION.name);
    mandatory(&it.identifier, lengths::NATIONAL_IDENTIFIER, path, &keys::NATIONAL_IDENTIFIER, findings);
    code(it.identifier_type, path, &keys::NATIONAL_IDENTIFIER_TYPE, findings);
    country(&it.country_of_issue, path, &keys::COUNTRY_OF_ISSUE, findings);
    let limit = lengths::REGISTRATION_AUTHORITY;
    text(&it.registration_authority, limit, path, &keys::REGISTRATION_AUTHORITY, findings);
}
