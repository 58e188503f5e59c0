//! The tolerant reader: IVMS101 of 2020 or 2023 in the shapes that are in use, into the model.

mod check;
mod document;
mod fields;
mod habits;
mod json;
mod legal_person;
mod names;
mod natural_person;
mod parts;
mod party;
mod profile;
mod reading;
mod transfer_path;

pub use check::{check, check_json};
pub use document::{Document, read};
pub use habits::{Dialect, Habit};
pub use json::{MAX_BYTES, Unreadable, read_json};
pub use profile::{read_account_check, read_answer, read_person, read_screened, read_verification};

pub(crate) use fields::{entries, is_blank, same_name};
