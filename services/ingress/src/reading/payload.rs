//! What is common to the personal data of all requests.

use waybill_domain::{Fault, codes, limits};
use waybill_ivms101::{Checked, Finding, first_fault};

/// The document, or the refusal for the first error in it. Warnings stop nothing and change no answer: they are logged,
/// by rule, because neither rules nor their number say anything about a person.
pub(crate) fn first_error<T>(read: Result<Checked<T>, Vec<Finding>>) -> Result<T, Fault> {
    // Cannot fail to find one: a reader that gives findings only has at least one error among them.
    read.map(log_warnings).map_err(|findings| first_fault(&findings).unwrap_or_else(codes::internal_error))
}

fn log_warnings<T>(checked: Checked<T>) -> T {
    if !checked.warnings.is_empty() {
        let mut rules: Vec<_> = checked.warnings.iter().map(|warning| warning.rule.as_str()).collect();
        rules.sort_unstable();
        rules.dedup();
        let (warnings, rules) = (checked.warnings.len(), rules.join(" "));
        tracing::info!(
            warnings,
            rules,
            "the personal data breaks rules of IVMS101 that stop no verification"
        );
    }
    checked.value
}

/// Refuses personal data of more bytes than a sealed column holds.
pub(crate) fn check_size(bytes: usize) -> Result<(), Fault> {
    if bytes <= limits::PAYLOAD_BYTES { Ok(()) } else { Err(codes::payload_too_large()) }
}
