//! What an answer, or none, says.

use std::time::Duration;

use chrono::DateTime;
use http::StatusCode;
use http::header::DATE;
use waybill_domain::Timestamp;
use waybill_egress::{Answer, EgressError, ProtocolFault};

use crate::VendorError;
use crate::answer::is_encoded;

/// No wait that a vendor asks for is shorter, nor longer.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(600);
/// Where places are taken and nobody knows when one will be free.
const A_MOMENT: Duration = Duration::from_secs(1);

/// An outcome as far as the calls that follow are concerned.
#[derive(Debug)]
pub(super) enum Outcome {
    /// For the service to read.
    Answered(Answer),
    /// All are to wait: for so long, or for as long as we think best.
    Throttled(Option<Duration>),
    /// The connection ended before the answer did.
    Lost,
    Failed(VendorError),
}

pub(super) fn classify(outcome: Result<Answer, EgressError>, now: Timestamp) -> Outcome {
    match outcome {
        Ok(answer) => of_answer(answer, now),
        Err(EgressError::Protocol(ProtocolFault::Lost)) => Outcome::Lost,
        Err(error) => Outcome::Failed(of_error(&error)),
    }
}

fn of_answer(answer: Answer, now: Timestamp) -> Outcome {
    let status = answer.status;
    if status == StatusCode::TOO_MANY_REQUESTS {
        Outcome::Throttled(asked_wait(&answer, now))
    } else if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
        Outcome::Failed(VendorError::Failing { status: status.as_u16() })
    } else if status.is_redirection() {
        // Never followed: it would carry the key to somebody else, and a signature would not fit.
        Outcome::Failed(VendorError::Unusable("redirect"))
    } else if status.is_success() && is_encoded(&answer.headers) {
        Outcome::Failed(VendorError::Unusable("encoded body"))
    } else if status.is_success() || status.is_client_error() {
        Outcome::Answered(answer)
    } else {
        Outcome::Failed(VendorError::Unusable("status"))
    }
}

/// The wait that a vendor asks for. A date counts from the vendor's own date, where it says it: its clock may differ.
fn asked_wait(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
    let now = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()).map_or(now, |date| date.to_utc());
    answer.retry_after(now).map(|asked| asked.clamp(SHORTEST, LONGEST))
}

fn of_error(error: &EgressError) -> VendorError {
    match error {
        EgressError::Timeout => VendorError::Timeout,
        EgressError::Connect(_) | EgressError::Protocol(ProtocolFault::Lost | ProtocolFault::NotHttp) => {
            VendorError::Unreachable
        }
        EgressError::BreakerOpen { retry_after } => VendorError::Suspended { retry_after: *retry_after },
        EgressError::Busy { retry_after } => {
            VendorError::NoTurn { retry_after: retry_after.unwrap_or(A_MOMENT) }
        }
        EgressError::AnswerTooLarge { .. } => VendorError::Unusable("too large"),
        EgressError::Refused(_) => VendorError::Unusable("the address is not allowed"),
        EgressError::Protocol(ProtocolFault::Request) => VendorError::Unusable("not a valid request"),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};
    use waybill_domain::Clock as _;
    use waybill_egress::ConnectFault;
    use waybill_testkit::MockClock;

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Answer {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let status = StatusCode::from_u16(status).unwrap();
        Answer { status, headers, body: bytes::Bytes::new(), took: Duration::ZERO }
    }

    fn read(status: u16, headers: &[(&'static str, &'static str)]) -> String {
        match classify(Ok(answer(status, headers)), MockClock::default().now()) {
            Outcome::Answered(_) => "answered".to_owned(),
            Outcome::Throttled(asked) => format!("throttled {asked:?}"),
            Outcome::Lost => "lost".to_owned(),
            Outcome::Failed(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn each_status_has_its_meaning() {
        for (status, meaning) in [
            (200, "answered"),
            (201, "answered"),
            (202, "answered"),
            (204, "answered"),
            (301, "Unusable(\"redirect\")"),
            (302, "Unusable(\"redirect\")"),
            (307, "Unusable(\"redirect\")"),
            (400, "answered"),
            (401, "answered"),
            (403, "answered"),
            (404, "answered"),
            (408, "Failing { status: 408 }"),
            (410, "answered"),
            (429, "throttled None"),
            (500, "Failing { status: 500 }"),
            (502, "Failing { status: 502 }"),
            (503, "Failing { status: 503 }"),
            (504, "Failing { status: 504 }"),
        ] {
            assert_eq!(read(status, &[]), meaning, "{status}");
        }
    }

    #[test]
    fn a_wait_is_read_in_every_form_and_bounded() {
        // Our clock shows Fri, 02 Jan 2026 03:04:05.
        for (headers, wait) in [
            (&[("retry-after", "2")][..], "Some(2s)"),
            (&[("retry-after", "0")], "Some(1s)"),
            (&[("retry-after", "86400")], "Some(600s)"),
            (&[("retry-after", "Fri, 02 Jan 2026 03:05:05 GMT")], "Some(60s)"),
            (&[("retry-after", "Fri, 02 Jan 2026 03:04:00 GMT")], "Some(1s)"),
            (
                &[
                    ("retry-after", "Thu, 18 May 2023 12:39:50 GMT"),
                    ("date", "Thu, 18 May 2023 12:39:45 GMT"),
                ],
                "Some(5s)",
            ),
            (&[("retry-after", "later")], "None"),
            (&[], "None"),
        ] {
            assert_eq!(read(429, headers), format!("throttled {wait}"), "{headers:?}");
        }
    }

    #[test]
    fn an_encoded_answer_is_not_usable() {
        assert_eq!(read(200, &[("content-encoding", "gzip")]), "Unusable(\"encoded body\")");
        assert_eq!(read(200, &[("content-encoding", "identity")]), "answered");
        assert_eq!(read(403, &[("content-encoding", "gzip")]), "answered", "the status says enough");
    }

    #[test]
    fn no_answer_is_told_apart_by_whose_fault_it_is() {
        let wait = Duration::from_secs(3);
        for (error, expected) in [
            (EgressError::Timeout, VendorError::Timeout),
            (EgressError::Connect(ConnectFault::Refused), VendorError::Unreachable),
            (EgressError::Connect(ConnectFault::Name), VendorError::Unreachable),
            (EgressError::Connect(ConnectFault::Certificate), VendorError::Unreachable),
            (EgressError::Protocol(ProtocolFault::NotHttp), VendorError::Unreachable),
            (EgressError::BreakerOpen { retry_after: wait }, VendorError::Suspended { retry_after: wait }),
            (EgressError::Busy { retry_after: None }, VendorError::NoTurn { retry_after: A_MOMENT }),
            (EgressError::AnswerTooLarge { limit: 1 }, VendorError::Unusable("too large")),
        ] {
            assert_eq!(of_error(&error), expected);
        }
    }
}
