//! The VASPs between the two sides.

use super::lengths;
use super::party::check_person;
use crate::finding::Rule;
use crate::findings::Findings;
use crate::keys;
use crate::model::TransferPath;
use crate::path::Path;

/// The VerifyVASP profile carries a transfer path along and makes nothing of it: there only the order is remarked.
pub(super) fn check_transfer_path(transfer_path: &TransferPath, path: &Path<'_>, findings: &mut Findings) {
    let vasps = &path.key(keys::TRANSFER_PATH.name);
    if findings.profile.is_standard() {
        for (at, vasp) in transfer_path.vasps.iter().enumerate() {
            let path = &vasps.item(at);
            match &vasp.person {
                Some(person) => check_person(person, &path.key(keys::INTERMEDIARY_VASP.name), true, findings),
                None => findings.missing(&path.key(keys::INTERMEDIARY_VASP.name)),
            }
            let sequence = &path.key(keys::SEQUENCE.name);
            match vasp.sequence {
                None => findings.missing(sequence),
                Some(number) if number > lengths::LARGEST_NUMBER => {
                    findings.broken(sequence, Rule::Length, "A number has at most 18 digits.");
                }
                Some(_) => {}
            }
        }
    }
    let mut numbers: Vec<u64> = transfer_path.vasps.iter().filter_map(|vasp| vasp.sequence).collect();
    numbers.sort_unstable();
    if !numbers.iter().copied().eq(0..numbers.len() as u64) {
        let text = "The VASPs on the way are counted from 0 without a gap and without the same number twice.";
        findings.broken(vasps, Rule::Sequence, text);
    }
}
