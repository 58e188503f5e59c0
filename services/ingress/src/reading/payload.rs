//! What is common to the personal data of all requests.

use waybill_domain::{Fault, codes, limits};
use waybill_ivms101::{Checked, Finding, first_fault};

/// The document, or the refusal for the first error in it. Warnings stop nothing.
pub(crate) fn first_error<T>(read: Result<Checked<T>, Vec<Finding>>) -> Result<T, Fault> {
    // Cannot fail to find one: a reader that gives findings only has at least one error among them.
    read.map(|checked| checked.value)
        .map_err(|findings| first_fault(&findings).unwrap_or_else(codes::internal_error))
}

/// Refuses personal data of more bytes than a sealed column holds.
pub(crate) fn check_size(bytes: usize) -> Result<(), Fault> {
    if bytes <= limits::PAYLOAD_BYTES { Ok(()) } else { Err(codes::payload_too_large()) }
}
