//! The IVMS101 model: tolerant reader, strict writers, validation; no IO.
//!
//! Whatever dialect a document comes in, it is read into one [`model`], after IVMS101.2023 with the additions of the
//! VerifyVASP profile, and written back in the dialect of whoever gets it.
//!
//! # What is read
//!
//! [`read()`] and [`read_json`] take every JSON shape known to be in use, and say which one it was ([`Dialect`],
//! [`Habit`]):
//!
//! | point | variants |
//! |---|---|
//! | field names | 2020 and 2023, in any case, with or without underscores; plurals of TRISA; `persons` and `nationalIdentifier` of DEFY; `customerNumber`, `postCode`; the misprint `dataAndPlaceOfBirth` |
//! | lists | arrays, or one entry without brackets; a list of one where one object belongs |
//! | VASPs | wrapped in a field of their own name, or flat |
//! | accounts | on the party, on the person, or alone |
//! | codes | in either case, with the name of their list in front (`ADDRESS_TYPE_CODE_HOME`), the misprint `GEO` |
//! | numbers | also as text |
//! | wrappers | `ivms101`, `identity`, `payload` |
//!
//! Nothing gets lost on the way in without a word. Unknown fields are kept. A value that cannot be read or placed is an
//! error finding with its path: a wrong JSON type, a code that is in no list, a field that stands twice with different
//! values. Texts are never trimmed or cut, account numbers keep their case. `null`, blank texts and empty lists count as
//! absent.
//!
//! The readers of the VerifyVASP profile, which ingress and the nodes use ([`read_verification`],
//! [`read_account_check`], [`read_answer`], [`read_screened`], [`read_person`]), read the same shapes and validate at once: an error refuses
//! the document. They gather the accounts of persons on the party.
//!
//! # What is written
//!
//! [`write::convert`] writes VerifyVASP, 2020 and 2023, and lists what the dialect has no words for:
//!
//! | into | is lost |
//! |---|---|
//! | VerifyVASP | which of several persons holds which account |
//! | 2020 | the same; account numbers of VASPs; account numbers of more than 100 characters; the additions of VerifyVASP (`nationality`, `dateOfIncorporation`); unknown fields |
//! | 2023 | accounts of a party without persons; account numbers of more than 512 characters; the additions of VerifyVASP; unknown fields. Accounts of a party with several persons go to the first, which is a choice and reported |
//!
//! The edition that a document names for itself (`payloadVersion`) is replaced by the one that is written. All else comes
//! back as it was: reading what was written gives the same model.
#![deny(missing_docs)]

mod finding;
mod findings;
mod keys;
mod locate;
mod minimise;
pub mod model;
mod path;
mod profile;
mod read;
mod rule;
pub mod tables;
pub mod validate;
pub mod write;

pub use finding::{Checked, Finding, Rule, Severity, first_fault};
pub use minimise::{minimise, names_only};
pub use profile::Profile;
pub use read::{
    Dialect, Document, Habit, MAX_BYTES, Unreadable, check, check_json, read, read_account_check,
    read_answer, read_json, read_person, read_screened, read_verification,
};
