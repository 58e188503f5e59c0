//! One vendor API, as this process calls it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};
use waybill_context::Context;
use waybill_domain::{Share, SharedClock, Timestamp};
use waybill_egress::{Answer, BreakerState, Call, Egress, EgressClass};

use super::classify::{Outcome, classify};
use super::{Ask, Request, VendorError};
use crate::limit::{Limit, Priority, Slot};

/// While one call sees whether the vendor works again, and where places are taken.
const A_MOMENT: Duration = Duration::from_secs(1);
/// Rows to be worked on are taken for so long ahead.
const ROOM_WITHIN: Duration = Duration::from_secs(2);

/// A vendor API with one credential: its name for the circuit breaker, its limit, its calls at a time. Clones are one.
#[derive(Clone)]
pub struct Vendor(Arc<Inner>);

struct Inner {
    parts: VendorParts,
    places: Semaphore,
    /// Of them, those that polls may have: some are left for whom somebody waits.
    for_polls: Semaphore,
}

/// What a [`Vendor`] consists of.
pub struct VendorParts {
    /// The HTTP client, which shares with other processes what it knows of destinations.
    pub egress: Egress,
    /// The current time, for signatures and dates.
    pub clock: SharedClock,
    /// The destination's name for logs, metrics and the breaker: `chainalysis-kyt`.
    pub name: &'static str,
    /// Counts every call, and waits when the vendor asks to.
    pub limit: Limit,
    /// Calls at a time in this process.
    pub concurrency: usize,
}

impl Vendor {
    /// A vendor as a service calls it.
    pub fn new(ctx: &Context, name: &'static str, limit: Limit, concurrency: usize) -> Self {
        Self::over(VendorParts {
            egress: ctx.egress.shared_by(&Share::default()), // breakers in common, places for each process
            clock: Arc::clone(&ctx.clock),
            name,
            limit,
            concurrency,
        })
    }

    /// A vendor over parts that are given.
    pub fn over(parts: VendorParts) -> Self {
        let concurrency = parts.concurrency.max(1);
        let (places, for_polls) =
            (Semaphore::new(concurrency), Semaphore::new(concurrency - concurrency / 4));
        Self(Arc::new(Inner { parts, places, for_polls }))
    }

    /// Waits for a place and for turns, lets `prepare` write the request with the time of now, sends it and says what came
    /// of it. Answers with status 2xx and 4xx (without 408 and 429) are for the caller to read.
    ///
    /// When the connection was lost it is tried once more, unless [`Ask::once`]: `prepare` is called again then.
    ///
    /// # Errors
    /// [`VendorError`].
    pub async fn call(
        &self,
        ask: &Ask,
        mut prepare: impl FnMut(Timestamp) -> Request + Send,
    ) -> Result<Answer, VendorError> {
        let begun = Instant::now();
        match self.attempt(ask, begun, &mut prepare).await? {
            Ok(answer) => return Ok(answer),
            Err(Lost) if !ask.repeats => return Err(VendorError::Unreachable),
            Err(Lost) => tracing::debug!(vendor = self.0.parts.name, "the connection was lost, once more"),
        }
        match self.attempt(ask, begun, &mut prepare).await {
            Ok(Ok(answer)) => Ok(answer),
            // The first one may have been seen, so this is not as if nothing had been sent.
            Ok(Err(Lost)) | Err(VendorError::NoTurn { .. }) => Err(VendorError::Unreachable),
            Err(error) => Err(error),
        }
    }

    async fn attempt(
        &self,
        ask: &Ask,
        begun: Instant,
        prepare: &mut (impl FnMut(Timestamp) -> Request + Send),
    ) -> Result<Result<Answer, Lost>, VendorError> {
        let parts = &self.0.parts;
        if let Some(retry_after) = self.is_suspended() {
            return Err(VendorError::Suspended { retry_after }); // no turn is spent on it
        }
        let latest = begun + ask.wait;
        let _admitted = self.admit(ask, latest).await?;
        let deadline = ask.deadline(begun).unwrap_or_else(|| Instant::now() + ask.within);
        let request = prepare(parts.clock.now());
        let outcome = parts.egress.send(self.call_of(request, deadline)).await;
        match classify(outcome, parts.clock.now()) {
            Outcome::Answered(answer) => Ok(Ok(answer)),
            Outcome::Lost => Ok(Err(Lost)),
            Outcome::Failed(error) => Err(error),
            Outcome::Throttled(asked) => {
                let retry_after = parts.limit.throttled(asked).await;
                Err(VendorError::Throttled { retry_after })
            }
        }
    }

    /// A place and a turn of each limit, to be used at once. A request has its place before it waits for its turn, a poll
    /// takes it with its turn: those that wait for one are in nobody's way.
    async fn admit(&self, ask: &Ask, latest: Instant) -> Result<(Place<'_>, Place<'_>), VendorError> {
        let Inner { places, for_polls, .. } = &*self.0;
        let first = match ask.priority {
            Priority::Request => place(places, latest).await?,
            Priority::Poll => place(for_polls, latest).await?,
        };
        loop {
            let slots = self.take_turns(ask, latest).await?;
            let second = match ask.priority {
                Priority::Request => None,
                Priority::Poll => place(places, latest).await?,
            };
            if slots.iter().all(Slot::is_usable) {
                slots.into_iter().for_each(Slot::spend);
                return Ok((first, second));
            }
        }
    }

    /// One turn of each limit; those of long windows first, because they can be used for longer.
    async fn take_turns(&self, ask: &Ask, latest: Instant) -> Result<Vec<Slot>, VendorError> {
        let mut limits: Vec<&Limit> = ask.also.iter().chain([&self.0.parts.limit]).collect();
        limits.sort_by_key(|limit| std::cmp::Reverse(limit.window()));
        let mut slots = Vec::with_capacity(limits.len());
        for limit in limits {
            slots.push(limit.take(ask.priority, latest).await?);
        }
        Ok(slots)
    }

    fn call_of(&self, request: Request, deadline: Instant) -> Call {
        let Request { method, url, headers, body, max_answer_bytes } = request;
        let parts = &self.0.parts;
        Call {
            class: EgressClass::Operator,
            destination: parts.name.to_owned(),
            method,
            url,
            headers,
            body,
            timeout: deadline.saturating_duration_since(Instant::now()),
            max_answer_bytes,
            concurrency: Some(parts.concurrency.max(1)),
            sign_of_life: None,
        }
    }

    /// How long calls are suspended after failures; `None` when one may be made.
    pub fn is_suspended(&self) -> Option<Duration> {
        match self.0.parts.egress.breaker_state(self.0.parts.name) {
            BreakerState::Closed => None,
            BreakerState::Open { retry_after } => (!retry_after.is_zero()).then_some(retry_after),
            BreakerState::HalfOpen => Some(A_MOMENT),
        }
    }

    /// Calls that may be made in the next seconds: none while calls are suspended or the vendor asked for a pause, one when
    /// that is to show whether it works again. Costs nothing.
    pub fn room(&self) -> u32 {
        let parts = &self.0.parts;
        match parts.egress.breaker_state(parts.name) {
            BreakerState::Closed => parts.limit.room(ROOM_WITHIN),
            BreakerState::Open { retry_after } if retry_after.is_zero() => {
                parts.limit.room(ROOM_WITHIN).min(1)
            }
            BreakerState::Open { .. } | BreakerState::HalfOpen => 0,
        }
    }

    /// The limit that counts every call.
    pub fn limit(&self) -> &Limit {
        &self.0.parts.limit
    }

    /// The name in logs and metrics.
    pub fn name(&self) -> &'static str {
        self.0.parts.name
    }
}

type Place<'a> = Option<SemaphorePermit<'a>>;

async fn place(places: &Semaphore, latest: Instant) -> Result<Place<'_>, VendorError> {
    match timeout_at(latest, places.acquire()).await {
        Ok(place) => Ok(place.ok()), // it is never closed
        Err(_) => Err(VendorError::NoTurn { retry_after: A_MOMENT }),
    }
}

/// The connection ended before the answer did.
struct Lost;
