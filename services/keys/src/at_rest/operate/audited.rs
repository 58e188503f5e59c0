//! What operators did, for the audit.

use waybill_domain::Timestamp;
use waybill_store::tables::audit::AuditEntry;

/// The entry for something that was done to a key. Names only.
pub(super) fn entry(event: &'static str, key: &str, at: Timestamp) -> AuditEntry {
    AuditEntry {
        at,
        event,
        actor: "operator".to_owned(),
        subject: Some(key.to_owned()),
        detail: serde_json::json!({}),
    }
}
