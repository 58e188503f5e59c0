//! Every fixed refusal: its code, status and message stand here and nowhere else; the documentation renders them.
//!
//! The other two families, `MISSING-X` and `INVALID-X`, name a field: [`Fault::missing`], [`Fault::invalid`].

use crate::text_enum;
use crate::{Fault, VerificationUuid};

text_enum! {
    /// Who can meet a refusal.
    pub enum Surface {
        /// The VASP's own backend, at the private API.
        Api = "API",
        /// Another node, at the public listener.
        Peer = "peers",
        /// Either.
        Both = "API, peers",
    }
}

/// One fixed refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeEntry {
    /// Stable code, for programs.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Text for people; names in braces are filled in.
    pub message: &'static str,
    /// Who can meet it.
    pub surface: Surface,
    /// When it is given, for the documentation.
    pub when: &'static str,
}

macro_rules! codes {
    ($($name:ident($($arg:ident: $type:ty)?), $surface:ident, $status:literal, $code:literal, $message:literal, $when:literal $(, again in $seconds:literal)?;)+) => {
        /// Every fixed refusal, in the order of the documentation.
        pub const CATALOGUE: &[CodeEntry] = &[
            $(CodeEntry { code: $code, status: $status, message: $message, surface: Surface::$surface, when: $when },)+
        ];

        $(
            #[doc = concat!("`", $code, "` ", $status, ": ", $when)]
            pub fn $name($($arg: $type)?) -> Fault {
                Fault::new($status, $code, format!($message))$(.retry_after($seconds))?
            }
        )+
    };
}

codes! {
    // The request as such.
    malformed_json(), Both, 400, "MALFORMED-JSON", "The body is not valid JSON", "The body cannot be parsed.";
    nested_too_deeply(), Both, 400, "NESTED-TOO-DEEPLY", "The body is nested too deeply", "The body has more levels than any message needs.";
    unsupported_media_type(), Both, 415, "UNSUPPORTED-MEDIA-TYPE", "The body must be application/json without content encoding", "The content type is absent or another one, or the body is compressed.";
    payload_too_large(), Both, 413, "PAYLOAD-TOO-LARGE", "The body or the payload is too large", "The body, or the personal data in it, is larger than allowed.";
    path_not_found(), Both, 404, "PATH-NOT-FOUND", "There is nothing at this path", "The path is unknown.";
    method_not_allowed(), Both, 405, "METHOD-NOT-ALLOWED", "The path does not take this method", "The path exists, for another method.";
    unauthorized(), Api, 401, "UNAUTHORIZED", "A valid API key is required", "The API key is absent, unknown or withdrawn.";
    forbidden(), Api, 403, "FORBIDDEN", "The API key does not allow this", "The API key is valid and lacks the scope.";
    too_many_requests(), Both, 429, "TOO-MANY-REQUESTS", "Too many requests", "A rate limit is reached; `Retry-After` says how long to wait.";
    idempotency_key_reused(), Api, 409, "IDEMPOTENCY-KEY-REUSED", "The idempotency key was used for another request", "The same `Idempotency-Key` came with another body within 24 hours.";

    // Members and verifications.
    alliance_not_found(), Api, 400, "ALLIANCE-NOT-FOUND", "Alliance is not found in given vendor", "The VASP id is no member's.";
    alliance_not_active(), Api, 400, "ALLIANCE-NOT-ACTIVE", "Alliance is not active now", "The VASP is a member and not active.";
    verification_not_found(uuid: VerificationUuid), Both, 404, "VERIFICATION-NOT-FOUND", "Verification({uuid}) is not found", "No verification has this uuid, or not with this peer.";
    verification_not_verified(), Both, 409, "VERIFICATION-NOT-VERIFIED", "The verification is not verified", "A transaction or an error is reported for a verification that is not `VERIFIED`.";
    not_originator(), Api, 403, "NOT-ORIGINATOR", "Only the originator may do this", "The beneficiary tries to report a transaction or an error.";
    not_beneficiary(), Api, 403, "NOT-BENEFICIARY", "Only the beneficiary may do this", "The originator tries to inquire about its own transaction.";
    tx_already_reported(), Both, 409, "TX-ALREADY-REPORTED", "Another transaction was reported already", "A second transaction report has another hash or output. The same report again is accepted.";
    error_already_reported(), Both, 409, "ERROR-ALREADY-REPORTED", "Another error was reported already", "A second error report has another result or reason. The same report again is accepted.";
    error_after_tx(), Both, 409, "ERROR-AFTER-TX", "The transaction was reported already", "An error is reported after the transaction.";

    // Risk assessment.
    not_found_verification(uuid: VerificationUuid), Api, 400, "NOT-FOUND-VERIFICATION", "Verification({uuid}) is not found", "A risk assessment is asked for a verification that is not known.";
    unsupported_risk_assessment(why: &str), Api, 400, "UNSUPPORTED-RISK-ASSESSMENT", "{why}", "The verification has not come far enough for this risk assessment; the message says what is missing.";
    bad_request(why: &str), Api, 400, "BAD-REQUEST", "{why}", "The vendor refused what it was asked; the message is the vendor's.";
    vendor_unauthorized(), Api, 401, "UNKNOWN-ERROR-CODE", "Invalid API Key", "The vendor refused the credentials of the settings; 403 instead, in its own words, where it says more.";
    risk_assessment_not_found(id: &str), Api, 404, "RISK-ASSESSMENT-NOT-FOUND", "Risk assessment({id}) is not found", "No risk assessment has this request id.";
    screening_not_configured(setting: &str), Api, 503, "SCREENING-NOT-CONFIGURED", "The setting {setting} is missing", "There are no credentials for this vendor; the message names the setting.";

    // The counterparty and ourselves.
    request_timeout(), Api, 408, "REQUEST-TIMEOUT", "The counterparty did not answer in time", "The deadline of a synchronous request passed.";
    counterparty_unavailable(), Api, 503, "COUNTERPARTY-UNAVAILABLE", "The counterparty cannot be reached", "The counterparty's node is down, or asked us to wait.";
    counterparty_refused(), Api, 502, "COUNTERPARTY-REFUSED", "The counterparty refused the request", "The counterparty's node answered with a refusal of its own.";
    counterparty_invalid_answer(), Api, 502, "COUNTERPARTY-INVALID-ANSWER", "The counterparty's answer cannot be used", "The answer is unsigned, wrongly signed, too large or not readable.";
    directory_expired(), Both, 503, "DIRECTORY-EXPIRED", "The member directory has expired", "New verifications stop until a current directory is loaded; answers go on.";
    service_unavailable(), Both, 503, "SERVICE-UNAVAILABLE", "The service is not available now", "A part of this node is not running, or it is shutting down.";
    database_unavailable(), Both, 503, "DATABASE-UNAVAILABLE", "The database is not available now", "The database does not answer; nothing was changed. `Retry-After` says when to ask again.", again in 2;
    internal_error(), Both, 500, "INTERNAL-ERROR", "An internal error occurred", "A fault of this node; its log has the details.";

    // Who is speaking, between nodes.
    signature_missing(), Peer, 401, "SIGNATURE-MISSING", "The message is not signed", "A header of the signature, or one that it must cover, is absent or unreadable.";
    signature_invalid(), Peer, 401, "SIGNATURE-INVALID", "The signature is not valid", "The signature does not verify, or covers something else than it must.";
    identity_key_not_valid(), Peer, 401, "IDENTITY-KEY-NOT-VALID", "The signing key is not one of the sender's keys that are valid now", "The directory lists no such key for the sender, or lists it as expired or not valid yet.";
    digest_mismatch(), Peer, 400, "DIGEST-MISMATCH", "The body does not match its digest", "`content-digest` is not the digest of the body.";
    stale_request(), Peer, 401, "STALE-REQUEST", "The signature is too old or from the future", "The signature was made more than 300 s from now; compare the `Date` of the answer.";
    unknown_sender(), Peer, 403, "UNKNOWN-SENDER", "The sender is not a member", "The sender is not in the directory.";
    inactive_sender(), Peer, 403, "INACTIVE-SENDER", "The sender is not active", "The sender is in the directory and not active.";
    wrong_recipient(), Peer, 403, "WRONG-RECIPIENT", "The message is for another VASP", "`waybill-recipient` is not this VASP.";
    unsupported_protocol_version(), Peer, 400, "UNSUPPORTED-PROTOCOL-VERSION", "The protocol version is not supported", "`waybill-protocol` is absent, or a version that this node does not speak.";
    message_id_reused(), Peer, 409, "MESSAGE-ID-REUSED", "The message id was used for another message", "The same sender and message id came with another digest.";

    // What they say, between nodes.
    unknown_key(), Peer, 409, "UNKNOWN-KEY", "The encryption key is not known", "The payload is sealed to a key that is unknown or retired: fetch a new one and seal again.";
    unreadable_payload(), Peer, 400, "UNREADABLE-PAYLOAD", "The payload cannot be opened", "The key is known and the payload does not open with it.";
    invalid_payload(), Peer, 422, "INVALID-PAYLOAD", "The payload is not valid", "The payload was opened and its content breaks the rules.";
    expired_verification(), Peer, 410, "EXPIRED-VERIFICATION", "The verification has expired", "The deadline passed before the message arrived.";
    verification_conflict(), Peer, 409, "VERIFICATION-CONFLICT", "The verification is known with other content", "The same uuid came with other content, or an answer contradicts the stored one.";
    wrong_role(), Peer, 403, "WRONG-ROLE", "The sender's role does not allow this message", "The sender is a party of the verification, on the other side.";
    too_many_key_requests(), Peer, 429, "TOO-MANY-KEY-REQUESTS", "Too many requests for keys", "A member asks for more keys than its share.";
    backend_unavailable(), Peer, 503, "BACKEND-UNAVAILABLE", "The VASP's backend cannot be reached", "The backend behind this node is down or answers with an error.";
    backend_timeout(), Peer, 504, "BACKEND-TIMEOUT", "The VASP's backend did not answer in time", "The backend behind this node is too slow.";
    backend_invalid_answer(), Peer, 502, "BACKEND-INVALID-ANSWER", "The VASP's backend gave an answer that cannot be used", "The answer of the backend is not JSON, too large, or breaks the interface.";
}

/// `REQUEST-TIMEOUT` 408: a screening vendor did not answer within this many milliseconds.
pub fn vendor_timeout(ms: u128) -> Fault {
    Fault::new(408, "REQUEST-TIMEOUT", format!("timeout of {ms}ms exceeded"))
}

/// `UNKNOWN-ERROR-CODE` 403: the vendor refused the credentials of the settings, in its own words.
pub fn vendor_denied(message: &str) -> Fault {
    Fault::new(403, "UNKNOWN-ERROR-CODE", message.to_owned())
}

/// Both families of field faults and [`CATALOGUE`] as a Markdown table.
pub fn codes_markdown() -> String {
    let mut text = String::from("| status | code | met by | when |\n|---|---|---|---|\n");
    text.push_str(
        "| 400 | `MISSING-…` | API, peers | A mandatory field is absent; the message names its path. |\n",
    );
    text.push_str("| 400 | `INVALID-…` | API, peers | A field has a wrong type or value; the message names its path. |\n");
    for entry in CATALOGUE {
        let CodeEntry { code, status, surface, when, .. } = entry;
        text.push_str(&format!("| {status} | `{code}` | {surface} | {when} |\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_stands_once_and_is_well_formed() {
        let codes: HashSet<_> = CATALOGUE.iter().map(|entry| entry.code).collect();
        assert_eq!(codes.len(), CATALOGUE.len());
        for entry in CATALOGUE {
            assert!(entry.code.bytes().all(|b| b.is_ascii_uppercase() || b == b'-'), "{}", entry.code);
            assert!((400..=599).contains(&entry.status), "{}", entry.code);
            assert!(entry.when.ends_with('.'), "{}", entry.code);
        }
    }

    #[test]
    fn the_messages_of_the_interface_are_kept() {
        assert_eq!(alliance_not_found().message, "Alliance is not found in given vendor");
        assert_eq!(alliance_not_active().message, "Alliance is not active now");
        let uuid = VerificationUuid::from_random([7; 16]);
        let fault = verification_not_found(uuid);
        assert_eq!((fault.status, &*fault.code), (404, "VERIFICATION-NOT-FOUND"));
        assert_eq!(fault.message, format!("Verification({uuid}) is not found"));
    }

    #[test]
    fn who_meets_a_database_that_is_away_learns_when_to_come_again() {
        assert_eq!(database_unavailable().retry_after, Some(2));
        assert_eq!(internal_error().retry_after, None);
    }

    #[test]
    fn the_table_has_a_row_for_each() {
        let text = codes_markdown();
        assert_eq!(text.lines().count(), CATALOGUE.len() + 4);
        assert!(text.contains("| 408 | `REQUEST-TIMEOUT` | API | "));
    }
}
