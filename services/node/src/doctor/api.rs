//! Who may call the private API?

use waybill_ingress::api_keys;
use waybill_store::Store;

use super::finding::Findings;
use super::patient::Patient;

pub async fn examine(patient: &Patient, store: &Store, findings: &mut Findings) {
    let address = patient.settings.ingress.bind;
    let working = match api_keys::list(store).await {
        Ok(keys) => keys.iter().filter(|key| key.revoked_at.is_none()).count(),
        Err(error) => {
            return findings.fault(
                "api",
                format!("the API keys cannot be read: {error}"),
                "see the database",
            );
        }
    };
    match (working, address.ip().is_loopback()) {
        (0, true) => findings.fine("api", format!("without a key, for this machine only ({address})")),
        (0, false) => findings.fault(
            "api",
            format!("no API key works, and ingress.bind is {address}"),
            "make one with `waybill api-keys create`, or listen on loopback",
        ),
        (_, _) => findings.fine("api", format!("{working} API key(s) work ({address})")),
    }
}
