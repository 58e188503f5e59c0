//! The client.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::HeaderName;
use reqwest::Response;
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument, Span, field};
use waybill_domain::{SharedClock, SharedEntropy, Timestamp};

use crate::breaker::{BreakerState, Verdict};
use crate::call::{Answer, Call};
use crate::clients::Clients;
use crate::destinations::Destinations;
use crate::error::{EgressError, EgressSetupError, ProtocolFault};
use crate::failure::classify;
use crate::options::EgressOptions;
use crate::policy::Policy;

/// Makes all HTTP calls of a process. Clones share connections, breakers and permits.
///
/// It follows no redirect, uses no proxy and decompresses nothing. Trying again is the caller's decision: a
/// request that the destination may have seen is never repeated.
#[derive(Clone)]
pub struct Egress {
    inner: Arc<Inner>,
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
        Ok(Self { inner: Arc::new(Inner { clients, destinations, clock }) })
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
        self.inner.send(call).instrument(span).await
    }

    /// What a destination's circuit breaker would do with a call now.
    pub fn breaker_state(&self, destination: &str) -> BreakerState {
        self.inner.destinations.breaker_state(destination)
    }
}

impl Inner {
    async fn send(&self, call: Call) -> Result<Answer, EgressError> {
        let started = Instant::now();
        let outcome = self.admit_and_exchange(call, started).await;
        let span = Span::current();
        span.record("took_ms", started.elapsed().as_millis() as u64);
        match &outcome {
            Ok(answer) => span.record("status", answer.status.as_u16()),
            Err(error) => span.record("error", error.kind()),
        };
        outcome
    }

    async fn admit_and_exchange(&self, call: Call, started: Instant) -> Result<Answer, EgressError> {
        let policy = Policy::of(&call.class, &call.url).map_err(EgressError::Refused)?;
        let destination = self.destinations.get(&call.destination, &call.class, call.concurrency);
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
