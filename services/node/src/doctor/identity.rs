//! Do other VASPs know us, by the key that we sign with?

use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use waybill_crypto::IdentityKey;
use waybill_directory::{Directory, Member};
use waybill_domain::format_time;

use super::finding::Findings;
use super::patient::Patient;

/// Publishing another key takes the operator of the directory some time.
const SOON: TimeDelta = TimeDelta::days(14);

pub fn examine(patient: &Patient, directory: &Directory, findings: &mut Findings) {
    let own_id = patient.settings.node.vasp_id;
    let Some(member) = directory.member(own_id) else {
        return findings.fault(
            "identity",
            format!("the directory does not know VASP {own_id}"),
            "set node.vasp_id to the id in the directory, or have its operator list this VASP",
        );
    };
    match member.active {
        true => {
            findings.fine("identity", format!("the directory knows us as {} ({own_id})", member.vasp_name))
        }
        false => findings.fault(
            "identity",
            format!("{} ({own_id}) is not active in the directory", member.vasp_name),
            "ask the directory's operator: other VASPs refuse our messages",
        ),
    }
    endpoint(patient, member, findings);
    key(patient, member, findings);
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

fn key(patient: &Patient, member: &Member, findings: &mut Findings) {
    let Ok(key) = IdentityKey::parse(patient.settings.identity.key.expose_secret()) else {
        return findings.fault(
            "identity",
            "identity.key is unreadable",
            "make one with `waybill generate identity-key`",
        );
    };
    let (id, now) = (key.key_id(), patient.now());
    let Some(entry) = member.identity_keys.iter().find(|entry| entry.key_id == id) else {
        return findings.fault(
            "identity",
            format!("the directory does not list our identity key {id}"),
            "use the listed key, or have the public half of this one listed: other VASPs refuse our messages",
        );
    };
    if now < entry.not_before || now >= entry.not_after {
        return findings.fault(
            "identity",
            format!(
                "our identity key {id} is valid from {} until {} only",
                format_time(entry.not_before),
                format_time(entry.not_after)
            ),
            "have a key that is valid now listed: other VASPs refuse our messages",
        );
    }
    let text = format!("our identity key {id} is valid until {}", format_time(entry.not_after));
    match entry.not_after - now < SOON {
        true => findings.warning(
            "identity",
            text,
            "publish the next key in the directory now, and sign with it before this one ends (docs/OPERATIONS.md)",
        ),
        false => findings.fine("identity", text),
    }
}
