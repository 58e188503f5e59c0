//! Ways in which a backend fails to answer as it should.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};
use waybill_domain::Fault;

use crate::endpoint::Endpoint;
use crate::reply::{self, Refusal};

/// Added to the interface's limit when a slow backend has no delay of its own.
const SLOW_MARGIN: Duration = Duration::from_millis(500);

/// Size of the padding in an answer that is too much.
const TOO_MUCH: usize = 1024 * 1024;

/// One way to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misbehaviour {
    /// Answers rightly, but late: after this delay, or half a second after the interface's limit.
    Slow(Option<Duration>),
    /// Closes the connection without an answer.
    Down,
    /// 200 `application/json`, but the body is no JSON.
    Nonsense,
    /// The right body under `text/html`.
    WrongContentType,
    /// The right answer with a padding of 1 MiB.
    TooMuch,
    /// The right answer, but its result is a word the interface does not know.
    UnknownResult,
    /// An error status, with `Retry-After` in seconds where given.
    Refuse(u16, Option<u32>),
}

impl Misbehaviour {
    /// Reads the name used by the mode switch: `slow`, `down`, …, `error-503`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "slow" => Self::Slow(None),
            "down" => Self::Down,
            "nonsense" => Self::Nonsense,
            "wrong-content-type" => Self::WrongContentType,
            "too-much" => Self::TooMuch,
            "unknown-result" => Self::UnknownResult,
            _ => {
                let status = name.strip_prefix("error-")?.parse().ok()?;
                (400..600).contains(&status).then_some(Self::Refuse(status, None))?
            }
        })
    }

    /// The name used by the mode switch.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Slow(_) => "slow".to_owned(),
            Self::Down => "down".to_owned(),
            Self::Nonsense => "nonsense".to_owned(),
            Self::WrongContentType => "wrong-content-type".to_owned(),
            Self::TooMuch => "too-much".to_owned(),
            Self::UnknownResult => "unknown-result".to_owned(),
            Self::Refuse(status, _) => format!("error-{status}"),
        }
    }

    /// Gives the right answer the wrong way.
    pub(crate) async fn spoil(self, endpoint: Endpoint, mut answer: Value) -> Response {
        match self {
            Self::Slow(delay) => {
                tokio::time::sleep(delay.unwrap_or(endpoint.limit() + SLOW_MARGIN)).await;
                reply::ok(&answer)
            }
            Self::Down => hang_up(),
            Self::Nonsense => {
                let content_type = [(header::CONTENT_TYPE, "application/json")];
                (content_type, "<html><body>Welcome!</body></html>").into_response()
            }
            Self::WrongContentType => {
                let mut response = reply::ok(&answer);
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
                response
            }
            Self::TooMuch => {
                answer["padding"] = json!("x".repeat(TOO_MUCH));
                reply::ok(&answer)
            }
            Self::UnknownResult => {
                answer[result_field(endpoint)] = json!("MAYBE");
                reply::ok(&answer)
            }
            Self::Refuse(status, retry_after) => {
                let mut fault = Fault::new(status, "SANDBOX-FAULT", "The sandbox was told to refuse");
                fault.retry_after = retry_after;
                Refusal(fault).into_response()
            }
        }
    }
}

/// A body that fails before its first byte: the server then closes the connection and sends nothing at all.
fn hang_up() -> Response {
    let broken = stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)) });
    Body::from_stream(broken).into_response()
}

const fn result_field(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Account => "accountVerificationResult",
        Endpoint::Verification | Endpoint::Callback => "result",
        Endpoint::Transaction => "transactionStatus",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        let names =
            ["slow", "down", "nonsense", "wrong-content-type", "too-much", "unknown-result", "error-410"];
        for name in names {
            assert_eq!(Misbehaviour::named(name).map(Misbehaviour::name).as_deref(), Some(name));
        }
        for unknown in ["normal", "error-", "error-200", "error-600", "error-4x0", ""] {
            assert_eq!(Misbehaviour::named(unknown), None, "{unknown:?}");
        }
    }
}
