//! Why a screening has no result: codes of the `reason` column.

use waybill_domain::text_enum;

text_enum! {
    /// Why a row ended as `ERROR`.
    pub enum Reason {
        /// The vendor was away for longer than the setting allows.
        VendorUnavailable = "VENDOR-UNAVAILABLE",
        /// The vendor did not come to a result in time.
        NoResultInTime = "NO-RESULT-IN-TIME",
        /// The vendor did not answer within the time of the request.
        Timeout = "REQUEST-TIMEOUT",
        /// The vendor's answer cannot be read.
        UnreadableAnswer = "UNREADABLE-ANSWER",
        /// The vendor said that it cannot answer now.
        VendorFailing = "VENDOR-FAILING",
        /// The vendor cannot be reached, or asked us to wait.
        Unreachable = "VENDOR-UNREACHABLE",
        /// The vendor refused the key.
        Denied = "VENDOR-DENIED",
        /// The vendor refused the request.
        Refused = "BAD-REQUEST",
        /// The vendor does not know the registration.
        NotFound = "UNKNOWN-TO-VENDOR",
        /// The vendor answered about another registration.
        AnotherRegistration = "ANOTHER-REGISTRATION",
        /// An alert has a level that is not one of the four.
        UnknownAlertLevel = "UNKNOWN-ALERT-LEVEL",
        /// An alert has an exposure that is neither direct nor indirect.
        UnknownExposureType = "UNKNOWN-EXPOSURE-TYPE",
        /// An alert lacks a value without which it cannot be kept.
        IncompleteAlert = "INCOMPLETE-ALERT",
    }
}
