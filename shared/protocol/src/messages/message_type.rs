//! The kinds of message.

use waybill_domain::text_enum;

text_enum! {
    /// A kind of message; its name is the last segment of the path, and stands in associated data.
    pub enum MessageType {
        /// Asks for an encryption key.
        Keys = "keys",
        /// Asks whether an account belongs to a customer.
        Accounts = "accounts",
        /// Asks to verify the beneficiary of a transfer.
        Verifications = "verifications",
        /// Answers a verification that was accepted earlier.
        Answers = "answers",
        /// Reports a transaction.
        Transactions = "transactions",
        /// Reports that the transfer will not happen.
        Errors = "errors",
        /// Asks where a transfer stands.
        Inquiries = "inquiries",
        /// Tells that a verification expired.
        Expiries = "expiries",
    }
}

impl MessageType {
    /// The path below a member's endpoint.
    pub fn path(self) -> String {
        format!("/peer/v1/{}", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for kind in MessageType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(kind.path(), format!("/peer/v1/{kind}"));
        }
        assert_eq!("Keys".parse::<MessageType>(), Err(waybill_domain::UnknownName));
    }
}
