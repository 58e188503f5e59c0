//! Do other VASPs know us, by the key that we sign with?

use waybill_context::{Identity, IdentityFinding, Urgency, findings as compared};
use waybill_directory::{Directory, KeyStanding, Member};
use waybill_domain::format_time;

use super::finding::Findings;
use super::patient::Patient;

pub fn examine(patient: &Patient, directory: &Directory, findings: &mut Findings) {
    let own_id = patient.settings.node.vasp_id;
    let identity = match Identity::of(&patient.settings.identity) {
        Ok(identity) => identity,
        Err((name, error)) => {
            return findings.fault(
                "identity",
                format!("{name}: {error}"),
                "make a key with `waybill generate identity-key`",
            );
        }
    };
    if let Some(member) = directory.member(own_id) {
        findings.fine("identity", format!("the directory knows us as {} ({own_id})", member.vasp_name));
        endpoint(patient, member, findings);
    }
    let found = compared(&identity, directory, own_id, patient.now());
    for finding in &found {
        tell(finding, findings);
    }
    if found.iter().all(|finding| finding.urgency() == Urgency::Note) {
        signing(patient, &identity, directory, findings);
    }
}

fn tell(finding: &IdentityFinding, findings: &mut Findings) {
    let remedy = || finding.remedy().unwrap_or_default();
    match finding.urgency() {
        Urgency::Alarm => findings.fault("identity", finding.what(), remedy()),
        Urgency::Warning => findings.warning("identity", finding.what(), remedy()),
        Urgency::Note => findings.fine("identity", finding.to_string()),
    }
}

/// The key that the others believe.
fn signing(patient: &Patient, identity: &Identity, directory: &Directory, findings: &mut Findings) {
    let (own_id, now) = (patient.settings.node.vasp_id, patient.now());
    let key_id = identity.signing_key(directory, own_id, now).key_id();
    if let KeyStanding::Valid { until, .. } = directory.key_standing(own_id, &key_id, now) {
        findings.fine("identity", format!("our identity key {key_id} is valid until {}", format_time(until)));
    }
}

fn endpoint(patient: &Patient, member: &Member, findings: &mut Findings) {
    let Some(ours) = &patient.settings.listener.public_endpoint else { return };
    let listed = member.endpoint.join("/");
    if listed.origin() != ours.origin() {
        findings.warning(
            "identity",
            format!("the directory sends other VASPs to {listed}, listener.public_endpoint is {ours}"),
            "make them the same: messages of other VASPs go where the directory says",
        );
    }
}
