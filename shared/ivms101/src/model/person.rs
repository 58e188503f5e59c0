//! Natural or legal.

use super::{LegalPerson, NaturalPerson, Other, Private};

/// One person of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who it is.
    pub details: PersonDetails,
    /// Accounts of this person, case-sensitive, where the document says whose they are (IVMS101.2023). At most 512
    /// characters each. The readers of the VerifyVASP profile gather them in [`Party::account_numbers`].
    ///
    /// [`Party::account_numbers`]: super::Party::account_numbers
    pub account_numbers: Vec<Private<String>>,
    /// Unknown fields beside `naturalPerson` or `legalPerson`.
    pub other: Other,
}

/// A person is one of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonDetails {
    /// A human being.
    Natural(Box<NaturalPerson>),
    /// A company or other organisation.
    Legal(Box<LegalPerson>),
}

impl From<PersonDetails> for Person {
    fn from(details: PersonDetails) -> Self {
        Self { details, account_numbers: Vec::new(), other: Other::default() }
    }
}

impl From<NaturalPerson> for Person {
    fn from(person: NaturalPerson) -> Self {
        PersonDetails::Natural(Box::new(person)).into()
    }
}

impl From<LegalPerson> for Person {
    fn from(person: LegalPerson) -> Self {
        PersonDetails::Legal(Box::new(person)).into()
    }
}
