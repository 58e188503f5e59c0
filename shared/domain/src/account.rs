//! The answer to an account check.

use crate::text_enum;

text_enum! {
    /// Result of an account check.
    pub enum AccountVerificationResult {
        /// The account, and the name where one was sent, belongs to a customer.
        Verified = "VERIFIED",
        /// It does not; the reason says why.
        Denied = "DENIED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_third_answer() {
        assert_eq!("VERIFIED".parse(), Ok(AccountVerificationResult::Verified));
        assert_eq!("DENIED".parse(), Ok(AccountVerificationResult::Denied));
        assert!("ERROR".parse::<AccountVerificationResult>().is_err());
    }
}
