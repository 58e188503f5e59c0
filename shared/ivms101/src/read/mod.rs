//! The tolerant reader: IVMS101 of 2020 or 2023 in the shapes that are in use, into the model.

mod fields;
mod legal_person;
mod names;
mod natural_person;
mod parts;
mod party;
mod profile;

pub use profile::{read_account_check, read_answer, read_person, read_verification};
