//! World-Check One's errors: an array with a body, or no body at all.

use axum::http::{HeaderName, header};
use serde_json::json;

use crate::vendors::answer::Answer;

/// Says why a signature was refused, which the vendor does not.
const REASON: HeaderName = HeaderName::from_static("sandbox-reason");

/// As seen in a trace of the vendor: the challenge stands in a header of another name.
const CHALLENGE: &str = "WWW-Authenticate: Signature realm=\"World-Check One API\",algorithm=\"hmac-sha256\",headers=\"(request-target) host date content-type content-length\"";

/// `[{"error", "cause"}]`, for 400, 403, 404 and 500.
pub(in crate::vendors) fn error(status: u16, code: &str, cause: &str) -> Answer {
    Answer::json(status, &json!([{"error": code, "cause": cause}]))
}

/// The same, naming what it is about.
pub(super) fn error_about(status: u16, code: &str, cause: &str, object: &str) -> Answer {
    Answer::json(status, &json!([{"error": code, "cause": cause, "objectId": object}]))
}

/// 400 for a body that cannot be read.
pub(super) fn malformed() -> Answer {
    error(400, "INVALID_MESSAGE_FORMAT", "Message body is not well-formed.")
}

/// 404 for a case.
pub(super) fn no_case(system_id: &str) -> Answer {
    error_about(404, "CASE_NOT_FOUND", "The case does not exist.", system_id)
}

/// 403 once the screenings of an hour are used up.
pub(in crate::vendors) fn quota() -> Answer {
    error(403, "SCREENING_LIMIT_EXCEEDED", "The number of screenings in an hour is exceeded.")
}

/// 401 without a body; a header of the sandbox's own says why.
pub(in crate::vendors) fn unauthorized(why: &str) -> Answer {
    Answer::empty(401).with(header::AUTHORIZATION, CHALLENGE).with(REASON, why)
}
