//! One request and its answer.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, Method, StatusCode};
use url::Url;
use waybill_domain::Timestamp;

use crate::policy::EgressClass;
use crate::retry_after::read_retry_after;

/// A request, complete. Headers go out as given, `traceparent` included.
#[derive(Clone)]
pub struct Call {
    /// Who named the URL.
    pub class: EgressClass,
    /// Name under which calls share a breaker and permits, and which logs show: `vasp:<id>`, `backend`.
    /// Holds no personal data.
    pub destination: String,
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
    /// For everything: waiting for a permit, connecting, sending, and reading the whole answer.
    pub timeout: Duration,
    /// The longest answer body that is read.
    pub max_answer_bytes: usize,
    /// Calls at a time to the destination, as its first call names it; left out, the client's default.
    pub concurrency: Option<usize>,
    /// A header that only the destination itself sends: an answer with it counts for the breaker as a sign of life,
    /// whatever its status. Without it a bad status may come from the destination or from a gateway before it.
    pub sign_of_life: Option<HeaderName>,
}

/// What came back. Any status is an answer, redirects (never followed) too.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body, as sent: never decompressed.
    pub body: Bytes,
    /// From sending to the last byte.
    pub took: Duration,
}

impl Answer {
    /// The wait that `Retry-After` asks for, as seconds or as a date after `now` (RFC 9110 §10.2.3).
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        read_retry_after(&self.headers, now)
    }
}

/// Shows nothing that may be personal or secret.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("destination", &self.destination)
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Shows nothing that may be personal or secret.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .field("took", &self.took)
            .finish_non_exhaustive()
    }
}
