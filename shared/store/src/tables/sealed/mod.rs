//! Sealed values wherever they are stored: found by the name of their key, and replaced by the same value sealed anew.
//!
//! Every sealed value begins with the name of its key and a dot. Tables are gone through by ranges of their ids, so that
//! each step is short however many rows there are.

mod count;
mod own_keys;
mod screenings;
mod verifications;

pub use count::{SealedTable, count_by_key, highest_id};
pub use own_keys::{SealedOwnKey, own_keys_elsewhere, replace_own_key};
pub use screenings::{
    SealedCell, WCO_CASE_COLUMNS, WCO_RESULT_COLUMNS, replace_wco_case, replace_wco_result,
    wco_cases_elsewhere, wco_results_elsewhere,
};
pub use verifications::{
    Cells, Replacements, SealedVerification, VERIFICATION_COLUMNS, replace_verification,
    verifications_elsewhere,
};

/// A stretch of a table's ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
}

/// The pattern that values sealed with a key match. Names of keys have no wildcards.
fn sealed_with(key_name: &str) -> String {
    format!("{key_name}.%")
}
