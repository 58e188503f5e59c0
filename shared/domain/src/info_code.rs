//! Which data about the beneficiary an originator asks for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::UnknownName;
use crate::text_enum;

text_enum! {
    /// One kind of personal data, named as in `requiredBeneficiaryInfo`.
    pub enum InfoCode {
        /// The account number; always returned.
        AccountNumber = "ACCOUNT_NUMBER",
        /// A natural person's name in Latin letters.
        NaturalPersonName = "NATURAL_PERSON_NAME",
        /// A natural person's name in local script.
        LocalNaturalPersonName = "LOCAL_NATURAL_PERSON_NAME",
        /// When and where a natural person was born.
        NaturalPersonDateAndPlaceOfBirth = "NATURAL_PERSON_DATE_AND_PLACE_OF_BIRTH",
        /// A natural person's nationality.
        NaturalPersonNationality = "NATURAL_PERSON_NATIONALITY",
        /// A natural person's address.
        NaturalPersonGeographicAddress = "NATURAL_PERSON_GEOGRAPHIC_ADDRESS",
        /// A natural person's passport, identity card and the like.
        NaturalPersonNationalIdentification = "NATURAL_PERSON_NATIONAL_IDENTIFICATION",
        /// The id that the VASP gave to a natural person.
        NaturalPersonCustomerIdentification = "NATURAL_PERSON_CUSTOMER_IDENTIFICATION",
        /// The country where a natural person lives.
        NaturalPersonCountryOfResidence = "NATURAL_PERSON_COUNTRY_OF_RESIDENCE",
        /// A company's name in Latin letters.
        LegalPersonName = "LEGAL_PERSON_NAME",
        /// A company's name in local script.
        LocalLegalPersonName = "LOCAL_LEGAL_PERSON_NAME",
        /// The name of a company's representative in Latin letters.
        CorporateRepresentativeName = "CORPORATE_REPRESENTATIVE_NAME",
        /// The name of a company's representative in local script.
        LocalCorporateRepresentativeName = "LOCAL_CORPORATE_REPRESENTATIVE_NAME",
        /// When and where a company's representative was born.
        CorporateRepresentativeDateAndPlaceOfBirth = "CORPORATE_REPRESENTATIVE_DATE_AND_PLACE_OF_BIRTH",
        /// The nationality of a company's representative.
        CorporateRepresentativeNationality = "CORPORATE_REPRESENTATIVE_NATIONALITY",
        /// The address of a company's head office: the first of its addresses.
        HeadOfficeGeographicAddress = "HEAD_OFFICE_GEOGRAPHIC_ADDRESS",
        /// The addresses of a company's branches: all but the first.
        BranchOfficeGeographicAddress = "BRANCH_OFFICE_GEOGRAPHIC_ADDRESS",
        /// The id that the VASP gave to a company.
        LegalPersonCustomerIdentification = "LEGAL_PERSON_CUSTOMER_IDENTIFICATION",
        /// A company's registration, tax number, LEI and the like.
        LegalPersonNationalIdentification = "LEGAL_PERSON_NATIONAL_IDENTIFICATION",
        /// The country where a company is registered.
        LegalPersonCountryOfRegistration = "LEGAL_PERSON_COUNTRY_OF_REGISTRATION",
        /// When a company was founded.
        LegalPersonDateOfIncorporation = "LEGAL_PERSON_DATE_OF_INCORPORATION",
    }
}

/// The data that an originator asks for: at least one code, each once, in the order asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredBeneficiaryInfo(Vec<InfoCode>);

impl RequiredBeneficiaryInfo {
    /// True when the data was asked for.
    pub fn contains(&self, code: InfoCode) -> bool {
        self.0.contains(&code)
    }

    /// The codes, in the order asked.
    pub fn iter(&self) -> impl Iterator<Item = InfoCode> {
        self.0.iter().copied()
    }
}

impl fmt::Display for RequiredBeneficiaryInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, code) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "," };
            write!(f, "{separator}{code}")?;
        }
        Ok(())
    }
}

impl FromStr for RequiredBeneficiaryInfo {
    type Err = UnknownName;

    /// Codes separated by commas, spaces around them ignored, repetitions dropped.
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let mut codes = Vec::new();
        for part in text.split(',') {
            let code = part.trim().parse()?;
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        Ok(Self(codes))
    }
}

impl Serialize for RequiredBeneficiaryInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RequiredBeneficiaryInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_read_with_spaces_and_repetitions() {
        let asked: RequiredBeneficiaryInfo =
            " NATURAL_PERSON_NAME ,ACCOUNT_NUMBER,NATURAL_PERSON_NAME".parse().unwrap();
        assert_eq!(asked.to_string(), "NATURAL_PERSON_NAME,ACCOUNT_NUMBER");
        assert!(asked.contains(InfoCode::AccountNumber));
        assert!(!asked.contains(InfoCode::LegalPersonName));
    }

    #[test]
    fn nothing_and_unknown_codes_are_refused() {
        for bad in ["", " ", ",", "ACCOUNT_NUMBER,", "account_number", "ACCOUNT_NUMBER;NATURAL_PERSON_NAME"] {
            assert_eq!(bad.parse::<RequiredBeneficiaryInfo>(), Err(UnknownName), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn written_codes_are_read_back(codes in prop::sample::subsequence(InfoCode::ALL.to_vec(), 1..21)) {
            let asked = RequiredBeneficiaryInfo(codes);
            prop_assert_eq!(asked.to_string().parse(), Ok(asked));
        }
    }
}
