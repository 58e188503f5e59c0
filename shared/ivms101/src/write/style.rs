//! What the dialects differ in.

use crate::keys::{self, Key};
use crate::model::PayloadVersion;

/// How one dialect is written.
pub(super) struct Style {
    pub(super) originator_persons: &'static Key,
    pub(super) beneficiary_persons: &'static Key,
    /// Type of a natural person's name; local and phonetic names have the same key everywhere.
    pub(super) name_type: &'static Key,
    /// What a VASP calls its corporate customer.
    pub(super) legal_customer: &'static Key,
    /// Where account numbers stand.
    pub(super) accounts: Accounts,
    /// The longest account number, in characters.
    pub(super) longest_account: Option<usize>,
    /// Whether additions of VerifyVASP and unknown fields are written.
    pub(super) open: bool,
    /// How the document says what it follows.
    pub(super) version: Version,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Accounts {
    OfParty,
    OfPerson,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// As it was read.
    Kept,
    /// Not at all.
    Unsaid,
    /// Always, with this edition.
    Said(PayloadVersion),
}

const fn key(name: &'static str) -> Key {
    Key { name, aliases: &[] }
}

const CUSTOMER_NUMBER: Key = key("customerNumber");
const ORIGINATOR_PERSON: Key = key("originatorPerson");
const BENEFICIARY_PERSON: Key = key("beneficiaryPerson");
const NATURAL_PERSON_NAME_IDENTIFIER_TYPE: Key = key("naturalPersonNameIdentifierType");

/// The names of 2020, accounts on the party, unknown fields kept.
pub(super) const VERIFY_VASP: Style = Style {
    originator_persons: &keys::ORIGINATOR_PERSONS,
    beneficiary_persons: &keys::BENEFICIARY_PERSONS,
    name_type: &keys::NAME_IDENTIFIER_TYPE,
    legal_customer: &keys::CUSTOMER_IDENTIFICATION,
    accounts: Accounts::OfParty,
    longest_account: None,
    open: true,
    version: Version::Kept,
};

/// IVMS101 issue 1, May 2020. Where its text contradicts itself: `customerNumber`, as the element is defined and as its
/// validators want it, and `postcode`, as its table has it.
pub(super) const IVMS_2020: Style = Style {
    legal_customer: &CUSTOMER_NUMBER,
    longest_account: Some(100),
    open: false,
    version: Version::Unsaid,
    ..VERIFY_VASP
};

/// IVMS101.2023, August 2023.
pub(super) const IVMS_2023: Style = Style {
    originator_persons: &ORIGINATOR_PERSON,
    beneficiary_persons: &BENEFICIARY_PERSON,
    name_type: &NATURAL_PERSON_NAME_IDENTIFIER_TYPE,
    accounts: Accounts::OfPerson,
    longest_account: Some(512),
    open: false,
    version: Version::Said(PayloadVersion::V2023),
    ..VERIFY_VASP
};
