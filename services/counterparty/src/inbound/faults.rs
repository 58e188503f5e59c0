//! Failures of our own parts, as a counterparty sees them.

use waybill_domain::{Fault, codes};
use waybill_store::StoreError;

use super::case::Unreadable;

/// The database failed: nothing was stored.
pub(super) fn of_store(error: StoreError) -> Fault {
    tracing::error!(%error, "a message could not be stored");
    if error.is_transient() { codes::database_unavailable() } else { codes::internal_error() }
}

/// A service of this node gave no answer. Its refusals are not the counterparty's business.
pub(super) fn of_service(fault: Fault) -> Fault {
    tracing::error!(%fault, "a part of this node does not answer");
    codes::service_unavailable()
}

/// Two messages about the same thing kept getting in each other's way; the sender tries again.
pub(super) fn of_race() -> Fault {
    codes::service_unavailable().retry_after(1)
}

/// A stored verification cannot be read.
pub(super) fn of_case(error: Unreadable) -> Fault {
    tracing::error!(alarm = "sealed-value", %error, "is its key missing from the keyring?");
    codes::internal_error()
}
