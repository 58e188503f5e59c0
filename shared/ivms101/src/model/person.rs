//! Natural or legal.

use super::{LegalPerson, NaturalPerson, Other};

/// One person of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who it is.
    pub details: PersonDetails,
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

impl From<NaturalPerson> for Person {
    fn from(person: NaturalPerson) -> Self {
        Self { details: PersonDetails::Natural(Box::new(person)), other: Other::default() }
    }
}

impl From<LegalPerson> for Person {
    fn from(person: LegalPerson) -> Self {
        Self { details: PersonDetails::Legal(Box::new(person)), other: Other::default() }
    }
}
