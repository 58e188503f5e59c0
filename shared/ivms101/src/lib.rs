//! The IVMS101 model: tolerant reader, strict writers, validation; no IO.
//!
//! Whatever dialect a document comes in, it is read into one [`model`], after IVMS101.2023, and written back in the
//! dialect of whoever gets it. Fields that the model does not know are kept and written back.
#![deny(missing_docs)]

mod countries;
mod finding;
mod keys;
mod minimise;
pub mod model;
mod path;
mod read;
pub mod validate;
pub mod write;

pub use finding::{Checked, Finding, Rule, Severity, first_fault};
pub use minimise::{minimise, names_only};
pub use read::{read_account_check, read_answer, read_person, read_verification};
