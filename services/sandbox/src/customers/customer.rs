//! What a VASP knows of a customer.

/// A natural person as the VASP knows it after its checks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Person {
    /// `primaryIdentifier` and `secondaryIdentifier`.
    pub(crate) legal_name: (&'static str, &'static str),
    pub(crate) alias: Option<(&'static str, &'static str)>,
    /// `YYYY-MM-DD`.
    pub(crate) birth_date: &'static str,
    pub(crate) birth_place: &'static str,
    pub(crate) home: Home,
    pub(crate) national_id: &'static str,
    pub(crate) customer_id: &'static str,
}

/// An address where somebody lives or works.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Home {
    pub(crate) street: &'static str,
    pub(crate) building: &'static str,
    pub(crate) postcode: &'static str,
    pub(crate) town: &'static str,
    /// ISO 3166 alpha-2.
    pub(crate) country: &'static str,
}

/// A legal person.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Company {
    pub(crate) legal_name: &'static str,
    pub(crate) trading_name: Option<&'static str>,
    pub(crate) head_office: Home,
    pub(crate) registration_number: &'static str,
    /// Code of the register, `RA` and six digits.
    pub(crate) registration_authority: &'static str,
    pub(crate) customer_id: &'static str,
    pub(crate) representatives: &'static [&'static Person],
}

/// Either kind of customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Customer {
    Natural(&'static Person),
    Legal(&'static Company),
}
