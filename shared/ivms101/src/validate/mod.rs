//! The basic rules: what is mandatory, lengths, code lists, countries, one account, the order of persons.
//!
//! Validation works on the model, so that documents made by a program are checked like those that were read.

mod legal_person;
mod lengths;
mod names;
mod natural_person;
mod parts;
mod party;

pub use party::{PartyRules, validate_party, validate_payload, validate_person};

pub(crate) use party::{check_party, check_person};
