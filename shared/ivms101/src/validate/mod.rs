//! The rules: what is mandatory, lengths, code lists, and the constraints C1 to C12 of the standard.
//!
//! Validation works on the model, so that documents made by a program are checked like those that were read. A date of
//! birth is held against the day that the caller gives.

mod address;
mod identification;
mod legal_person;
mod lengths;
mod names;
mod natural_person;
mod party;
mod payload;
mod transfer_path;
mod values;

pub use party::PartyRules;
pub use payload::validate_payload;

pub(crate) use party::{check_party, check_person};
pub(crate) use payload::check_payload;
