//! Verifications: what was asked of whom, and what became of it.

mod advance;
mod conditions;
mod find;
mod insert;
mod list;
mod purge;
mod row;

pub use advance::{Change, advance};
pub use find::find;
pub use insert::{NewVerification, insert};
pub use list::{COUNT_LIMIT, Cursor, ListFilter, Page, count, list};
pub use purge::{Old, OldCount, Outdated, count_old, delete_old, oldest};
pub use row::VerificationRow;

/// The form under which a transaction hash is found: lower case, without `0x`.
pub fn searchable_hash(tx_hash: &str) -> String {
    let lower = tx_hash.to_ascii_lowercase();
    lower.strip_prefix("0x").map(str::to_owned).unwrap_or(lower)
}
