//! The rules, and how grave it is to break one.

use waybill_domain::text_enum;

use crate::profile::Profile;

text_enum! {
    /// The rule that a finding is about. C-numbers are those of the standard.
    pub enum Rule {
        /// A mandatory field is absent. `null`, empty text and empty lists count as absent.
        Missing = "MISSING",
        /// The JSON type is wrong.
        Shape = "SHAPE",
        /// A text or a number is too long, or a list has too many entries.
        Length = "LENGTH",
        /// A text holds control characters.
        Characters = "CHARACTERS",
        /// A text has letters that the edition of the standard does not provide for.
        Pattern = "PATTERN",
        /// A value is not in its code list.
        CodeList = "CODE-LIST",
        /// A date is not a day of the calendar, written `YYYY-MM-DD`.
        Date = "DATE",
        /// A natural originator can be told apart by nothing but a name.
        NaturalOriginator = "C1",
        /// A date of birth is not in the past.
        BirthInThePast = "C2",
        /// A country is not an ISO 3166-1 alpha-2 code or `XX`.
        Country = "C3",
        /// A legal originator can be told apart by nothing but a name.
        LegalOriginator = "C4",
        /// A legal person has no name of type `LEGL`.
        LegalPersonName = "C5",
        /// A natural person has no name of type `LEGL`.
        NaturalPersonName = "C6",
        /// A legal person has an identifier of a kind that only natural persons have.
        LegalIdentifierType = "C7",
        /// An address has neither a line nor a street with a building.
        AddressDetail = "C8",
        /// The registration authority of a legal person lacks or is too much, or a country of issue is given.
        LegalRegistration = "C9",
        /// A registration authority is not on GLEIF's list.
        RegistrationAuthority = "C10",
        /// A Legal Entity Identifier has another form than ISO 17442 gives it.
        LeiFormat = "C11",
        /// The VASPs of a transfer path are not counted 0, 1, 2 …
        Sequence = "C12",
        /// The check digits of a Legal Entity Identifier are wrong.
        Checksum = "CHECKSUM",
        /// A party has more than one account number.
        AccountCount = "ACCOUNT-COUNT",
        /// A legal person is not the first of its party.
        PersonOrder = "PERSON-ORDER",
        /// An entry of a person list is not exactly one of natural and legal person.
        PersonKind = "PERSON-KIND",
        /// A field stands twice, perhaps in two spellings.
        Duplicate = "DUPLICATE",
        /// A value has no place in IVMS101; it is left out.
        Unplaced = "UNPLACED",
        /// A field stands beside the document, in the message that holds it.
        OutsideDocument = "OUTSIDE-DOCUMENT",
        /// A document is written otherwise than its edition has it.
        Spelling = "SPELLING",
        /// An object has fields that the model does not know; they are kept.
        UnknownField = "UNKNOWN-FIELD",
        /// A person has more than the profile passes on; the rest is left out.
        OutsideProfile = "OUTSIDE-PROFILE",
    }
}

text_enum! {
    /// Whether a finding stops the document.
    pub enum Severity {
        /// The document is refused.
        Error = "ERROR",
        /// The document is accepted.
        Warning = "WARNING",
    }
}

impl Rule {
    /// How grave it is to break the rule. The editions of the standard forbid what they forbid; the profile in use
    /// refuses only what makes a message useless, for a refusal stops a customer's withdrawal: which identification a
    /// law asks for differs by country, and a counterparty that misses one says so.
    pub const fn severity(self, profile: Profile) -> Severity {
        let stops = match self {
            Self::Missing
            | Self::Shape
            | Self::Length
            | Self::Characters
            | Self::CodeList
            | Self::Date
            | Self::BirthInThePast
            | Self::Country
            | Self::LegalPersonName
            | Self::NaturalPersonName
            | Self::AccountCount
            | Self::PersonOrder
            | Self::PersonKind
            | Self::Duplicate
            | Self::Unplaced => true,
            Self::NaturalOriginator
            | Self::LegalOriginator
            | Self::LegalIdentifierType
            | Self::AddressDetail
            | Self::LegalRegistration
            | Self::RegistrationAuthority
            | Self::LeiFormat
            | Self::Sequence => profile.is_standard(),
            // The pattern of 2020 forbids hyphens and dots, which its own examples use.
            Self::Pattern => matches!(profile, Profile::Ivms2023),
            // The LEI in the example of the standard has wrong check digits.
            Self::Checksum
            | Self::Spelling
            | Self::OutsideDocument
            | Self::UnknownField
            | Self::OutsideProfile => false,
        };
        if stops { Severity::Error } else { Severity::Warning }
    }
}
