//! What a state or a registry gave a person to be told apart by.

use waybill_domain::text_enum;

use super::{Other, Private};

/// An identifier from a state or a registry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NationalIdentification {
    /// The identifier; at most 35 characters. Empty when it was absent.
    pub identifier: Private<String>,
    /// What kind of identifier it is.
    pub identifier_type: Option<NationalIdentifierType>,
    /// ISO 3166-1 alpha-2.
    pub country_of_issue: Option<Private<String>>,
    /// GLEIF code of the registry: `RA` and six digits.
    pub registration_authority: Option<Private<String>>,
    /// Unknown fields.
    pub other: Other,
}

text_enum! {
    /// Kind of an identifier (IVMS101 `NationalIdentifierTypeCode`).
    pub enum NationalIdentifierType {
        /// Alien registration number.
        AlienRegistration = "ARNU",
        /// Passport number.
        Passport = "CCPT",
        /// Number at a registration authority.
        RegistrationAuthority = "RAID",
        /// Driving licence number.
        DrivingLicence = "DRLC",
        /// Foreign investment identity number.
        ForeignInvestment = "FIIN",
        /// Tax number.
        Tax = "TXID",
        /// Social security number.
        SocialSecurity = "SOCS",
        /// Identity card number.
        IdentityCard = "IDCD",
        /// Legal Entity Identifier, ISO 17442.
        LegalEntityIdentifier = "LEIX",
        /// Another one.
        Other = "MISC",
    }
}
