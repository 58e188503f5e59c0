//! One question to the backend, from its JSON to the answer's JSON.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::Value;
use url::Url;
use waybill_context::Context;
use waybill_egress::{Answer, Call, Egress, EgressClass};
use waybill_runtime::Traceparent;
use waybill_runtime::http::parse_json;
use waybill_runtime::settings::BackendSettings;

use super::BackendError;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The endpoints of our VASP's backend. Each question may be asked again: the interface has them idempotent.
#[derive(Clone)]
pub struct Backend {
    egress: Egress,
    pub(super) settings: BackendSettings,
}

/// One endpoint.
pub(super) struct Endpoint<'a> {
    /// Under this name it has a breaker and permits of its own.
    pub destination: &'static str,
    pub url: Option<&'a Url>,
    pub timeout: Duration,
}

impl Backend {
    /// A client with the operator's settings.
    pub fn of(ctx: &Context) -> Self {
        Self {
            egress: ctx.egress.shared_by(&ctx.shares.counterparty),
            settings: ctx.settings.backend.clone(),
        }
    }

    pub(super) async fn ask(&self, endpoint: Endpoint<'_>, question: &Value) -> Result<Value, BackendError> {
        let call = Call {
            class: EgressClass::Operator,
            destination: endpoint.destination.to_owned(),
            method: Method::POST,
            url: endpoint.url.cloned().ok_or(BackendError::NotConfigured)?,
            headers: self.headers()?,
            body: Bytes::from(question.to_string()),
            timeout: endpoint.timeout,
            max_answer_bytes: self.settings.max_answer_bytes,
            concurrency: None,
            sign_of_life: None,
        };
        let answer = self.egress.send(call).await;
        let read = answer.as_ref().map_err(BackendError::from).and_then(read);
        if let Err(error) = &read {
            tracing::warn!(destination = endpoint.destination, %error, "the backend gave no usable answer");
        }
        read
    }

    fn headers(&self) -> Result<HeaderMap, BackendError> {
        let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, JSON), (ACCEPT, JSON)]);
        headers.extend(self.settings.token_header().map_err(|_| BackendError::NotConfigured)?);
        if let Some(trace) = Traceparent::current() {
            trace.write(&mut headers);
        }
        Ok(headers)
    }
}

fn read(answer: &Answer) -> Result<Value, BackendError> {
    let status = answer.status;
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(BackendError::Unavailable);
    }
    if !status.is_success() {
        return Err(BackendError::Refused(status.as_u16()));
    }
    if !says_json(&answer.headers) {
        return Err(BackendError::InvalidAnswer("its content type is not application/json"));
    }
    let value = parse_json(&answer.body).map_err(|_| BackendError::InvalidAnswer("it is not JSON"))?;
    if value.is_object() { Ok(value) } else { Err(BackendError::InvalidAnswer("it is not a JSON object")) }
}

fn says_json(headers: &HeaderMap) -> bool {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}
