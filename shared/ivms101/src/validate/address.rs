//! Addresses.

use super::lengths;
use super::values::{Script, entry, mandatory_country, present, text};
use crate::finding::Rule;
use crate::findings::Findings;
use crate::keys;
use crate::model::{Address, Private};
use crate::path::Path;

pub(super) fn addresses(addresses: &[Address], path: &Path<'_>, findings: &mut Findings) {
    let path = path.key(keys::GEOGRAPHIC_ADDRESS.name);
    for (at, entry) in addresses.iter().enumerate() {
        address(entry, &path.item(at), findings);
    }
}

fn address(address: &Address, path: &Path<'_>, findings: &mut Findings) {
    present(address.address_type, path, &keys::ADDRESS_TYPE, findings);
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
    detail(address, path, findings);
    mandatory_country(&address.country, path, &keys::COUNTRY, findings);
}

fn lines(lines: &[Private<String>], path: &Path<'_>, findings: &mut Findings) {
    if lines.len() > lengths::ADDRESS_LINES {
        findings.broken(path, Rule::Length, "An address has at most 7 lines.");
    }
    for (at, line) in lines.iter().enumerate() {
        entry(line, lengths::ADDRESS_LINE, Script::Latin, &path.item(at), findings);
    }
}

/// Enough to find the place (C8). The town is mandatory in one half of the standard and optional in the other: a
/// warning, and none in a profile that says that it is optional.
fn detail(address: &Address, path: &Path<'_>, findings: &mut Findings) {
    let building = address.building_name.is_some() || address.building_number.is_some();
    if address.lines.is_empty() && !(address.street_name.is_some() && building) {
        let text = "An address needs at least one address line, or a street with the number or name of the building.";
        findings.broken(path, Rule::AddressDetail, text);
    }
    if address.town_name.is_none() && findings.profile.is_standard() {
        let text = "The town is not given: the standard is of two minds about it, and some counterparties demand it.";
        findings.warning(&path.key(keys::TOWN_NAME.name), Rule::Missing, text);
    }
}
