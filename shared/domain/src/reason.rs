//! Why a verification ended as it did, grouped by where each reason is legal.
//!
//! A reason is open text in the database: an error report may carry one of its own, within
//! [`limits::REASON`](crate::limits::REASON).

/// No objection; the only reason of a `VERIFIED` answer.
pub const OK: &str = "OK";
/// The asset is unknown or not supported. The message names it.
pub const UNKNOWN_SYMBOL: &str = "UNKNOWN-SYMBOL";
/// The network is unknown, not supported, or missing for an asset of several networks.
pub const UNKNOWN_NETWORK: &str = "UNKNOWN-NETWORK";
/// The address belongs to no customer.
pub const UNKNOWN_ADDRESS: &str = "UNKNOWN-ADDRESS";
/// The address belongs to a customer of another name.
pub const MISMATCHED_NAME: &str = "MISMATCHED-NAME";
/// A person or address is on a list.
pub const BLACKLISTED: &str = "BLACKLISTED";
/// The beneficiary has not been identified.
pub const UNVERIFIED_KYC: &str = "UNVERIFIED-KYC";
/// Data about the originator is missing. The message lists the codes, comma-separated.
pub const LACK_OF_INFORMATION: &str = "LACK-OF-INFORMATION";
/// Data that was asked for cannot be given. The message lists the codes, comma-separated.
pub const UNAVAILABLE_INFORMATION: &str = "UNAVAILABLE-INFORMATION";
/// A policy of the VASP forbids the transfer.
pub const NOT_ALLOWED: &str = "NOT-ALLOWED";
/// Anything else; the message describes it.
pub const UNDEFINED_ERROR: &str = "UNDEFINED-ERROR";
/// The originator's customer changed their mind.
pub const USER_CANCELED: &str = "USER-CANCELED";
/// The answer carried another account number than the request.
pub const BENEFICIARY_ACCOUNT_NOT_MATCHED: &str = "BENEFICIARY-ACCOUNT-NOT-MATCHED";
/// No answer came in time.
pub const REQUEST_TIMEOUT: &str = "REQUEST-TIMEOUT";

/// Reasons of a denied account check. A verified one has none.
pub const ACCOUNT_ANSWER: &[&str] = &[
    UNKNOWN_SYMBOL,
    UNKNOWN_NETWORK,
    UNKNOWN_ADDRESS,
    MISMATCHED_NAME,
    BLACKLISTED,
    UNVERIFIED_KYC,
    UNDEFINED_ERROR,
];

/// Reasons of the answer to a verification: `OK` with `VERIFIED`, the others with `DENIED`, and `UNDEFINED-ERROR`
/// with `ERROR` too.
pub const VERIFICATION_ANSWER: &[&str] = &[
    OK,
    UNKNOWN_SYMBOL,
    UNKNOWN_NETWORK,
    UNKNOWN_ADDRESS,
    MISMATCHED_NAME,
    BLACKLISTED,
    UNVERIFIED_KYC,
    LACK_OF_INFORMATION,
    UNAVAILABLE_INFORMATION,
    NOT_ALLOWED,
    UNDEFINED_ERROR,
];

/// Usual reasons of an error report. Others are accepted.
pub const ERROR_REPORT: &[&str] = &[
    OK,
    UNKNOWN_SYMBOL,
    UNKNOWN_NETWORK,
    UNKNOWN_ADDRESS,
    MISMATCHED_NAME,
    BLACKLISTED,
    UNVERIFIED_KYC,
    LACK_OF_INFORMATION,
    UNAVAILABLE_INFORMATION,
    NOT_ALLOWED,
    UNDEFINED_ERROR,
    USER_CANCELED,
];

/// Reasons that only a node itself gives.
pub const SYSTEM: &[&str] = &[BENEFICIARY_ACCOUNT_NOT_MATCHED, REQUEST_TIMEOUT];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_fits_its_column() {
        for reason in [ACCOUNT_ANSWER, VERIFICATION_ANSWER, ERROR_REPORT, SYSTEM].concat() {
            assert!(reason.len() <= crate::limits::REASON);
            assert!(reason.bytes().all(|b| b.is_ascii_uppercase() || b == b'-'), "{reason}");
        }
    }

    #[test]
    fn a_backend_cannot_speak_for_the_node() {
        for reason in SYSTEM {
            assert!(!VERIFICATION_ANSWER.contains(reason) && !ACCOUNT_ANSWER.contains(reason));
        }
    }

    #[test]
    fn an_account_check_knows_fewer_reasons_than_a_verification() {
        assert!(ACCOUNT_ANSWER.iter().all(|reason| VERIFICATION_ANSWER.contains(reason)));
        assert!(!ACCOUNT_ANSWER.contains(&LACK_OF_INFORMATION));
    }
}
