//! The longest texts of IVMS101, in characters.

pub(super) const NAME: usize = 100;
pub(super) const CUSTOMER_IDENTIFICATION: usize = 50;
pub(super) const NATIONAL_IDENTIFIER: usize = 35;
pub(super) const PLACE_OF_BIRTH: usize = 70;
pub(super) const ADDRESS_LINE: usize = 70;
pub(super) const ADDRESS_LINES: usize = 7;
/// `RA` and six digits.
pub(super) const REGISTRATION_AUTHORITY: usize = 8;
/// A number has at most 18 digits.
pub(super) const LARGEST_NUMBER: u64 = 999_999_999_999_999_999;
