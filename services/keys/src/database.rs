//! What a failure of the database is to whoever asks for a key.

use waybill_domain::{Fault, codes};
use waybill_store::StoreError;

pub(crate) fn failed(error: StoreError) -> Fault {
    tracing::error!(%error, "the database failed while a key was looked for");
    if error.is_transient() { codes::database_unavailable() } else { codes::internal_error() }
}
