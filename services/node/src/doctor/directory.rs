//! Is there a good list of members?

use std::sync::Arc;

use chrono::TimeDelta;
use waybill_directory::Directory;
use waybill_domain::format_time;
use waybill_store::Store;

use super::finding::Findings;
use super::patient::Patient;
use crate::node::directory::look;

const SOON: TimeDelta = TimeDelta::days(2);

pub async fn examine(
    patient: &Patient,
    store: Option<&Store>,
    findings: &mut Findings,
) -> Option<Arc<Directory>> {
    let now = patient.now();
    match look(&patient.settings, store, &patient.egress, now).await {
        Ok(directory) => {
            validity(&directory, now, findings);
            Some(directory)
        }
        Err(error) => {
            findings.fault(
                "directory",
                format!("{error:#}"),
                "look at directory.source and directory.trust_root; `waybill directory verify` tells more about a file",
            );
            None
        }
    }
}

fn validity(directory: &Directory, now: waybill_domain::Timestamp, findings: &mut Findings) {
    let text = format!(
        "version {} of {} members, good until {}",
        directory.version(),
        directory.members().len(),
        format_time(directory.expires_at())
    );
    let mend = "have its operator publish a newer one: new verifications stop when it ends, answers go on";
    if directory.is_expired(now) {
        findings.fault("directory", text, mend);
    } else if directory.expires_at() - now < SOON {
        findings.warning("directory", text, mend);
    } else {
        findings.fine("directory", text);
    }
}
