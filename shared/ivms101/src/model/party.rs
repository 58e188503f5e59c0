//! The two sides of a transfer and their VASPs.

use super::{Other, PayloadMetadata, Person, PersonDetails, Private, TransferPath};

/// Everything that one verification says about its persons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payload {
    /// Who sends.
    pub originator: Party,
    /// Who receives.
    pub beneficiary: Party,
    /// The VASP of the originator.
    pub originating_vasp: Option<Vasp>,
    /// The VASP of the beneficiary.
    pub beneficiary_vasp: Option<Vasp>,
    /// The VASPs between the two.
    pub transfer_path: Option<TransferPath>,
    /// What the document says about itself.
    pub metadata: Option<PayloadMetadata>,
    /// Unknown fields.
    pub other: Other,
}

/// An originator or a beneficiary: one customer, with the account used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// A natural person; or a legal person, followed by the natural persons who represent it.
    pub persons: Vec<Person>,
    /// Account numbers or addresses of the party, no matter whose, case-sensitive; a secondary address is appended as `address:tag`.
    pub account_numbers: Vec<Private<String>>,
    /// Unknown fields.
    pub other: Other,
}

impl Party {
    /// A party known by its account alone.
    pub fn of_account(account_number: &str) -> Self {
        Self { account_numbers: vec![account_number.into()], ..Self::default() }
    }

    /// The account number, when there is exactly one.
    pub fn account_number(&self) -> Option<&str> {
        match self.account_numbers.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Moves the accounts of the persons to the party, behind its own.
    pub(crate) fn gather_accounts(&mut self) {
        let of_persons = self.persons.iter_mut().flat_map(|person| person.account_numbers.drain(..));
        self.account_numbers.extend(of_persons);
    }

    /// True when the customer is a legal person; its natural persons are representatives then.
    pub fn is_legal(&self) -> bool {
        self.persons.iter().any(|person| matches!(person.details, PersonDetails::Legal(_)))
    }
}

/// A VASP, as IVMS101 wraps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vasp {
    /// The VASP, usually a legal person.
    pub person: Option<Person>,
    /// Unknown fields.
    pub other: Other,
}

impl From<Person> for Vasp {
    fn from(person: Person) -> Self {
        Self { person: Some(person), other: Other::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_with_two_accounts_has_no_single_one() {
        let mut party = Party::of_account("0xab");
        assert_eq!(party.account_number(), Some("0xab"));
        party.account_numbers.push("0xcd".into());
        assert_eq!(party.account_number(), None);
        assert_eq!(Party::default().account_number(), None);
    }
}
