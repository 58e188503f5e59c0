//! The client.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::HeaderName;
use reqwest::Response;
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument, Span, field};
use waybill_domain::{Share, SharedClock, SharedEntropy, Timestamp};

use crate::board::{BreakerBoard, OpenElsewhere};
use crate::breaker::{BreakerState, Verdict};
use crate::call::{Answer, Call};
use crate::clients::Clients;
use crate::destinations::Destinations;
use crate::error::{EgressError, EgressSetupError, ProtocolFault};
use crate::failure::classify;
use crate::options::EgressOptions;
use crate::policy::{EgressClass, Policy};

/// Makes all HTTP calls of a process. Clones share connections, breakers and permits.
///
/// It follows no redirect, uses no proxy and decompresses nothing. Trying again is the caller's decision: a
/// request that the destination may have seen is never repeated.
#[derive(Clone)]
pub struct Egress {
    inner: Arc<Inner>,
    share: Option<Share>,
}

struct Inner {
    clients: Clients,
    destinations: Destinations,
    clock: SharedClock,
}

impl Egress {
    /// Makes the client. Reads the system's trusted certificates.
    pub fn new(
        options: EgressOptions,
        clock: SharedClock,
        entropy: SharedEntropy,
    ) -> Result<Self, EgressSetupError> {
        if options.concurrency == 0 {
            return Err(EgressSetupError::Concurrency);
        }
        let clients = Clients::new(&options)?;
        let destinations = Destinations::new(options, Arc::clone(&clock), entropy);
        Ok(Self { inner: Arc::new(Inner { clients, destinations, clock }), share: None })
    }

    /// The same client for destinations that other processes call too: permits are shared with them, and so is what
    /// breakers know. Which it is, is decided by a destination's first call.
    #[must_use]
    pub fn shared_by(&self, share: &Share) -> Self {
        Self { inner: Arc::clone(&self.inner), share: Some(share.clone()) }
    }

    /// From now on other processes hear of shared destinations that are in trouble here. Once for a client.
    pub fn share_breakers(&self, board: Arc<dyn BreakerBoard>) {
        self.inner.destinations.share_breakers(board);
    }

    /// Takes over what the other processes say: the destinations that are left alone, all of them. Those in `untold`
    /// keep their state, since the others do not know the latest.
    pub fn hear(&self, open: &[OpenElsewhere], untold: &HashSet<String>) {
        self.inner.destinations.hear(open, untold);
    }

    /// Makes one call. Any HTTP status is an [`Answer`]; everything else is an [`EgressError`].
    ///
    /// Dropping the future ends the call, and tells the breaker nothing: to have a slow destination noticed,
    /// let `call.timeout` end it.
    pub async fn send(&self, call: Call) -> Result<Answer, EgressError> {
        let span = tracing::info_span!(
            "egress",
            method = %call.method,
            destination = call.destination,
            host = call.url.host_str(),
            status = field::Empty,
            error = field::Empty,
            took_ms = field::Empty,
        );
        self.inner.send(call, self.share.as_ref()).instrument(span).await
    }

    /// What a destination's circuit breaker would do with a call now.
    pub fn breaker_state(&self, destination: &str) -> BreakerState {
        self.inner.destinations.breaker_state(destination)
    }
}

impl Inner {
    async fn send(&self, call: Call, share: Option<&Share>) -> Result<Answer, EgressError> {
        let started = Instant::now();
        let measured = measured_as(&call);
        let outcome = self.admit_and_exchange(call, share, started).await;
        let span = Span::current();
        let took = started.elapsed();
        waybill_metrics::called(&measured, outcome_of(&outcome), took);
        span.record("took_ms", took.as_millis() as u64);
        match &outcome {
            Ok(answer) => span.record("status", answer.status.as_u16()),
            Err(error) => span.record("error", error.kind()),
        };
        outcome
    }

    async fn admit_and_exchange(
        &self,
        call: Call,
        share: Option<&Share>,
        started: Instant,
    ) -> Result<Answer, EgressError> {
        let policy = Policy::of(&call.class, &call.url).map_err(EgressError::Refused)?;
        let destination = self.destinations.get(&call.destination, &call.class, call.concurrency, share);
        let sign_of_life = call.sign_of_life.clone();
        let attempt = destination.admit(call.timeout).await?;
        let deadline = started + call.timeout;
        let outcome = match timeout_at(deadline, self.exchange(&policy, call)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(EgressError::Timeout),
        };
        attempt.finish(verdict(&outcome, sign_of_life.as_ref(), self.clock.now()));
        outcome
    }

    async fn exchange(&self, policy: &Policy, call: Call) -> Result<Answer, EgressError> {
        let invalid = |_| EgressError::Protocol(ProtocolFault::Request);
        let client = self.clients.client(policy).map_err(invalid)?;
        let mut request = client.request(call.method, call.url).headers(call.headers);
        if !call.body.is_empty() {
            request = request.body(call.body);
        }
        let started = Instant::now();
        let mut response = request.send().await.map_err(|error| classify(&error))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = read_body(response, call.max_answer_bytes).await?;
        Ok(Answer { status, headers, body, took: started.elapsed() })
    }
}

/// The destination in metrics: strangers are without number, so they have one name in common.
fn measured_as(call: &Call) -> String {
    if call.class == EgressClass::Stranger { "stranger".to_owned() } else { call.destination.clone() }
}

fn outcome_of(outcome: &Result<Answer, EgressError>) -> &'static str {
    match outcome {
        Ok(answer) => match answer.status.as_u16() / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        },
        Err(error) => error.kind(),
    }
}

/// Reads the body, and stops as soon as it is, or says it will be, longer than `limit`.
async fn read_body(mut response: Response, limit: usize) -> Result<Bytes, EgressError> {
    let too_large = EgressError::AnswerTooLarge { limit };
    let announced = response.content_length().unwrap_or(0);
    let Some(announced) = usize::try_from(announced).ok().filter(|length| *length <= limit) else {
        return Err(too_large);
    };
    let mut body = BytesMut::with_capacity(announced);
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
        if chunk.len() > limit - body.len() {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What an outcome says about the destination.
fn verdict(
    outcome: &Result<Answer, EgressError>,
    sign_of_life: Option<&HeaderName>,
    now: Timestamp,
) -> Verdict {
    match outcome {
        Ok(answer) if sign_of_life.is_some_and(|name| answer.headers.contains_key(name)) => Verdict::Works,
        Ok(answer) => verdict_on_status(answer.status, answer.retry_after(now)),
        Err(EgressError::Timeout | EgressError::Connect(_)) => Verdict::Fails,
        Err(EgressError::Protocol(ProtocolFault::Lost | ProtocolFault::NotHttp)) => Verdict::Fails,
        Err(EgressError::AnswerTooLarge { .. }) => Verdict::Works,
        Err(_) => Verdict::Unknown,
    }
}

fn verdict_on_status(status: StatusCode, retry_after: Option<Duration>) -> Verdict {
    match (status.as_u16(), retry_after) {
        (503, Some(pause)) => Verdict::Pauses(pause),
        (500 | 502..=504, _) => Verdict::Fails,
        // 429 included: it works, and the caller waits as it is told, which may concern this one kind of call.
        _ => Verdict::Works,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_that_count_against_a_destination() {
        let pause = Some(Duration::from_secs(9));
        let asked = Verdict::Pauses(Duration::from_secs(9));
        for (status, without, with) in [
            (200, Verdict::Works, Verdict::Works),
            (302, Verdict::Works, Verdict::Works),
            (400, Verdict::Works, Verdict::Works),
            (404, Verdict::Works, Verdict::Works),
            (429, Verdict::Works, Verdict::Works),
            (500, Verdict::Fails, Verdict::Fails),
            (501, Verdict::Works, Verdict::Works),
            (502, Verdict::Fails, Verdict::Fails),
            (503, Verdict::Fails, asked),
            (504, Verdict::Fails, Verdict::Fails),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(verdict_on_status(status, None), without, "{status}");
            assert_eq!(verdict_on_status(status, pause), with, "{status}");
        }
    }
}
