//! A human being.

use chrono::NaiveDate;
use waybill_domain::text_enum;

use super::{Address, Names, NationalIdentification, Other, Private};

/// A human being. Which fields are mandatory depends on the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NaturalPerson {
    /// Names.
    pub name: NaturalPersonName,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Passport, identity card and the like.
    pub national_identification: Option<NationalIdentification>,
    /// The id that the VASP gave to the customer; at most 50 characters.
    pub customer_identification: Option<Private<String>>,
    /// When and where the person was born.
    pub birth: Option<Birth>,
    /// ISO 3166-1 alpha-2.
    pub country_of_residence: Option<Private<String>>,
    /// ISO 3166-1 alpha-2; an extension of the VerifyVASP profile.
    pub nationality: Option<Private<String>>,
    /// Unknown fields.
    pub other: Other,
}

/// The names of a natural person.
pub type NaturalPersonName = Names<NaturalName>;

/// One name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NaturalName {
    /// Family name, or the whole name where it cannot be split; at most 100 characters. Empty when it was absent.
    pub primary: Private<String>,
    /// Given names; at most 100 characters.
    pub secondary: Option<Private<String>>,
    /// What kind of name it is.
    pub name_type: Option<NaturalNameType>,
    /// Unknown fields.
    pub other: Other,
}

text_enum! {
    /// Kind of a natural person's name (IVMS101 `NaturalPersonNameTypeCode`).
    pub enum NaturalNameType {
        /// Legal name.
        Legal = "LEGL",
        /// Name at birth.
        Birth = "BIRT",
        /// Maiden name.
        Maiden = "MAID",
        /// Alias.
        Alias = "ALIA",
        /// Another one.
        Other = "MISC",
    }
}

/// When and where a natural person was born.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Birth {
    /// Day of birth.
    pub date: Option<Private<NaiveDate>>,
    /// Place of birth; at most 70 characters.
    pub place: Option<Private<String>>,
    /// Unknown fields.
    pub other: Other,
}
