//! The whole document.

use chrono::NaiveDate;
use waybill_domain::Role;

use super::party::{PartyRules, check_party, check_person};
use super::transfer_path::check_transfer_path;
use crate::finding::{Finding, Rule};
use crate::findings::Findings;
use crate::keys;
use crate::model::{Payload, PayloadVersion};
use crate::path::Path;
use crate::profile::Profile;

/// Validates a document by the rules of a profile, as on the day `today`. `base` is the dotted path under which it
/// stands.
pub fn validate_payload(payload: &Payload, profile: Profile, today: NaiveDate, base: &str) -> Vec<Finding> {
    let mut findings = Findings::by(profile, Some(today));
    check_payload(payload, &Path::Base(base), &mut findings);
    findings.into_sorted()
}

pub(crate) fn check_payload(payload: &Payload, path: &Path<'_>, findings: &mut Findings) {
    let rules = &PartyRules::of(findings.profile);
    let (originator, beneficiary) = (path.key(keys::ORIGINATOR.name), path.key(keys::BENEFICIARY.name));
    check_party(&payload.originator, Role::Originator, &originator, rules, findings);
    check_party(&payload.beneficiary, Role::Beneficiary, &beneficiary, rules, findings);
    let originating = (&payload.originating_vasp, &keys::ORIGINATING_VASP);
    for (vasp, key) in [originating, (&payload.beneficiary_vasp, &keys::BENEFICIARY_VASP)] {
        if let Some(person) = vasp.as_ref().and_then(|vasp| vasp.person.as_ref()) {
            check_person(person, &path.key(key.name).key(key.name), true, findings);
        }
    }
    if let Some(transfer_path) = &payload.transfer_path {
        check_transfer_path(transfer_path, &path.key(keys::TRANSFER_PATH.name), findings);
    }
    check_version(payload, &path.key(keys::PAYLOAD_METADATA.name), findings);
}

/// The edition must be named since 2023, and be the right one.
fn check_version(payload: &Payload, metadata: &Path<'_>, findings: &mut Findings) {
    let path = &metadata.key(keys::PAYLOAD_VERSION.name);
    let version = payload.metadata.as_ref().and_then(|metadata| metadata.payload_version);
    let other_edition = "The document says that it follows the other edition of IVMS101.";
    match (findings.profile, version) {
        (Profile::Ivms2023, None) => findings.missing(path),
        (Profile::Ivms2023, Some(PayloadVersion::V2020))
        | (Profile::Ivms2020, Some(PayloadVersion::V2023)) => {
            findings.warning(path, Rule::CodeList, other_edition);
        }
        _ => {}
    }
}
