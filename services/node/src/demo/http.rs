//! Calls of the demo to what it started itself.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::Value;
use url::Url;
use waybill_egress::{Call, Egress, EgressClass};

/// Longer than any request of the API may take (`ingress.request_timeout`).
const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub body: Value,
    pub took: Duration,
    /// How long a node that could not answer wants to be left alone.
    pub retry_after: Option<Duration>,
}

impl Reply {
    /// Whether the same request may well be answered later: its time was over, or the other side is to be left alone for a
    /// while. A backend asks again then.
    pub fn may_change(&self) -> bool {
        matches!(self.status, StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE)
    }
}

/// Calls `path` of a server on this machine. Any status is a reply; an answer that is no JSON is an error.
pub async fn call(
    egress: &Egress,
    server: SocketAddr,
    method: Method,
    path: &str,
    mut headers: HeaderMap,
    body: Option<&Value>,
) -> anyhow::Result<Reply> {
    if body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let what = format!("{method} http://{server}{path}");
    let call = Call {
        class: EgressClass::Operator,
        destination: format!("demo:{server}"),
        method,
        url: Url::parse(&format!("http://{server}{path}"))?,
        headers,
        body: body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string())),
        timeout: TIMEOUT,
        max_answer_bytes: MAX_ANSWER,
        concurrency: None,
        sign_of_life: None,
    };
    let answer = egress.send(call).await.with_context(|| what.clone())?;
    let body =
        serde_json::from_slice(&answer.body).with_context(|| format!("the answer to {what} is not JSON"))?;
    let retry_after = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Ok(Reply {
        status: answer.status,
        body,
        took: answer.took,
        retry_after: retry_after.map(Duration::from_secs),
    })
}
