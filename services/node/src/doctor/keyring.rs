//! Does the keyring open what was sealed?

use waybill_keys::at_rest::operate::{Overview, Ring, overview};
use waybill_store::Store;

use super::finding::Findings;
use super::patient::Patient;

pub async fn examine(patient: &Patient, store: &Store, findings: &mut Findings) {
    match overview(&Ring { settings: &patient.settings }, store).await {
        Ok(overview) => judge(&overview, findings),
        Err(error) => findings.fault(
            "keyring",
            error.to_string(),
            "mend encryption.keys or encryption.keyring_file; `waybill generate encryption-key` makes an entry",
        ),
    }
}

fn judge(overview: &Overview, findings: &mut Findings) {
    let mut whole = true;
    for key in overview.keys.iter().filter(|key| !key.in_ring && key.values > 0) {
        whole = false;
        findings.fault(
            "keyring",
            format!("{} values are sealed with the key {}, which is not in the ring", key.values, key.name),
            "put that key back, behind the others: nobody can read those values without it",
        );
    }
    if let Some(progress) = overview.resealing.as_ref().filter(|progress| progress.unreadable > 0) {
        whole = false;
        findings.warning(
            "keyring",
            format!("{} values did not open when they were to be sealed again", progress.unreadable),
            "the node's log says where they are; look for the key, or a backup from before the damage",
        );
    }
    if let Some(sealing) = overview.keys.iter().find(|key| key.seals).filter(|_| whole) {
        let ring = overview.keys.iter().filter(|key| key.in_ring).count();
        findings.fine("keyring", format!("{} seals, {ring} key(s) open everything", sealing.name));
    }
}
