//! A company or other organisation.

use chrono::NaiveDate;
use waybill_domain::text_enum;

use super::{Address, Names, NationalIdentification, Other, Private};

/// A company or other organisation. Which fields are mandatory depends on the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LegalPerson {
    /// Names.
    pub name: LegalPersonName,
    /// Addresses: the head office first, then branches.
    pub addresses: Vec<Address>,
    /// The id that the VASP gave to the customer; at most 50 characters.
    pub customer_identification: Option<Private<String>>,
    /// Registration, tax number, LEI and the like.
    pub national_identification: Option<NationalIdentification>,
    /// ISO 3166-1 alpha-2.
    pub country_of_registration: Option<Private<String>>,
    /// When the company was founded; an extension of the VerifyVASP profile.
    pub date_of_incorporation: Option<Private<NaiveDate>>,
    /// Unknown fields.
    pub other: Other,
}

/// The names of a legal person.
pub type LegalPersonName = Names<LegalName>;

/// One name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LegalName {
    /// The name; at most 100 characters. Empty when it was absent.
    pub name: Private<String>,
    /// What kind of name it is.
    pub name_type: Option<LegalNameType>,
    /// Unknown fields.
    pub other: Other,
}

text_enum! {
    /// Kind of a legal person's name (IVMS101 `LegalPersonNameTypeCode`).
    pub enum LegalNameType {
        /// Registered name.
        Legal = "LEGL",
        /// Short name.
        Short = "SHRT",
        /// Trading name.
        Trading = "TRAD",
    }
}
