//! Where a transfer stands on the chain, as its originator says.

use crate::text_enum;

text_enum! {
    /// Answer to a transaction inquiry: a live answer of the originator's backend, never stored as a result.
    pub enum TransactionStatus {
        /// Not started.
        Pending = "PENDING",
        /// Being made.
        Processing = "PROCESSING",
        /// Sent to the chain, not final.
        WaitConfirm = "WAIT-CONFIRM",
        /// Final.
        Confirmed = "CONFIRMED",
        /// Will never happen.
        Canceled = "CANCELED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_spelt_as_in_the_interface() {
        let texts: Vec<_> = TransactionStatus::ALL.iter().map(|status| status.as_str()).collect();
        assert_eq!(texts, ["PENDING", "PROCESSING", "WAIT-CONFIRM", "CONFIRMED", "CANCELED"]);
        assert!("CANCELLED".parse::<TransactionStatus>().is_err());
    }
}
