//! One signed request.

use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, DATE};
use http::{HeaderValue, Method, StatusCode};
use tokio::time::Instant;
use url::Url;
use waybill_domain::{SharedClock, Timestamp};
use waybill_egress::Answer;
use waybill_vendors::{Ask, Limit, Request, Vendor, VendorError};

use super::error::ApiError;
use super::refusal::Refusal;
use super::sign::{Signed, SigningKey, http_date};
use super::skew::ClockSkew;

/// What a call may wait for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    /// Somebody waits for the answer until then.
    Request(Instant),
    /// So long, and after those for whom somebody waits.
    Poll(Duration),
}

impl Pace {
    fn ask(self) -> Ask {
        match self {
            Self::Request(until) => Ask::request(until.saturating_duration_since(Instant::now())),
            Self::Poll(within) => Ask::poll(within),
        }
    }
}

/// What is asked.
pub(crate) struct Operation<'a> {
    pub method: Method,
    pub url: Url,
    pub body: Option<Bytes>,
    pub max_answer_bytes: Option<usize>,
    /// A limit beside that of all requests.
    pub also: Option<&'a Limit>,
    /// Not to be repeated when the connection was lost.
    pub once: bool,
}

impl Operation<'_> {
    pub fn get(url: Url) -> Self {
        let method = Method::GET;
        Self { method, url, body: None, max_answer_bytes: None, also: None, once: false }
    }

    pub fn post(url: Url, body: Option<Bytes>) -> Self {
        Self { method: Method::POST, body, ..Self::get(url) }
    }
}

/// Signs, sends and judges.
pub(crate) struct Caller {
    pub vendor: Vendor,
    pub key: SigningKey,
    pub sign_query: bool,
    pub skew: ClockSkew,
    pub clock: SharedClock,
}

impl Caller {
    /// An answer in the 200s. Refused for the clock's sake it is asked once more, by the vendor's clock.
    pub async fn call(&self, operation: &Operation<'_>, pace: Pace) -> Result<Answer, ApiError> {
        let (answer, sent_at) = self.send(operation, pace).await?;
        let is_clock = || self.skew.learn(sent_at, self.clock.now(), &answer.headers);
        if answer.status == StatusCode::UNAUTHORIZED && is_clock() {
            let (answer, _) = self.send(operation, pace).await?;
            return judge(answer);
        }
        judge(answer)
    }

    async fn send(&self, operation: &Operation<'_>, pace: Pace) -> Result<(Answer, Timestamp), ApiError> {
        let mut ask = pace.ask();
        if let Some(limit) = operation.also {
            ask = ask.also(limit);
        }
        if operation.once {
            ask = ask.once();
        }
        let mut sent_at = self.clock.now();
        let prepare = |now| {
            sent_at = self.skew.correct(now);
            signed(operation, &self.key, self.sign_query, sent_at)
        };
        let answer = self.vendor.call(&ask, prepare).await?;
        Ok((answer, sent_at))
    }
}

/// The request of an operation with the headers that prove who makes it, at a time by the vendor's clock.
pub(crate) fn signed(
    operation: &Operation<'_>,
    key: &SigningKey,
    sign_query: bool,
    at: Timestamp,
) -> Request {
    let Operation { method, url, body, max_answer_bytes, .. } = operation;
    let request = match body {
        Some(body) => Request::post_json(url.clone(), body.clone()),
        None if *method == Method::POST => Request::post(url.clone()),
        None => Request::get(url.clone()),
    };
    let date = http_date(at);
    let target = match url.query().filter(|_| sign_query) {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = url.host_str().unwrap_or_default();
    let signed = Signed { method, target: &target, host, date: &date, body: body.as_deref() };
    let request = match (HeaderValue::from_str(&date), key.authorize(&signed)) {
        (Ok(date), Some(authorization)) => request.header(DATE, date).header(AUTHORIZATION, authorization),
        _ => request, // unsigned: the vendor says 401, as to every key that is none
    };
    match max_answer_bytes {
        Some(bytes) => request.at_most(*bytes),
        None => request,
    }
}

fn judge(answer: Answer) -> Result<Answer, ApiError> {
    match answer.status {
        StatusCode::UNAUTHORIZED => Err(ApiError::Unauthorized),
        StatusCode::FORBIDDEN => Err(ApiError::Denied),
        status if status.is_client_error() => {
            Err(ApiError::Refused(Refusal::read(status.as_u16(), &answer.body)))
        }
        status if status.is_success() => Ok(answer),
        _ => Err(VendorError::Unusable("it has no status that means something here").into()),
    }
}
