//! What is remembered of each destination: its breaker and its permits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use waybill_domain::{SharedClock, SharedEntropy};

use crate::breaker::{Breaker, BreakerState, Change, Ticket, Verdict};
use crate::error::EgressError;
use crate::options::EgressOptions;
use crate::policy::EgressClass;

/// So many names are kept before those with nothing to remember are dropped.
const KEPT: usize = 4096;

pub(crate) struct Destinations {
    known: Mutex<HashMap<String, Arc<Destination>>>,
    shared: Arc<Shared>,
}

struct Shared {
    options: EgressOptions,
    operator_options: EgressOptions,
    clock: SharedClock,
    entropy: SharedEntropy,
}

pub(crate) struct Destination {
    name: String,
    breaker: Mutex<Breaker>,
    permits: Semaphore,
    is_operators: bool,
    shared: Arc<Shared>,
}

/// An admitted call. Dropped without a verdict (the caller went away) it tells the breaker nothing.
pub(crate) struct Attempt<'a> {
    destination: &'a Destination,
    ticket: Ticket,
    verdict: Verdict,
    _permit: SemaphorePermit<'a>,
}

impl Destinations {
    pub(crate) fn new(options: EgressOptions, clock: SharedClock, entropy: SharedEntropy) -> Self {
        let operator_options = options.of_operator();
        let shared = Arc::new(Shared { options, operator_options, clock, entropy });
        Self { known: Mutex::default(), shared }
    }

    /// The destination with a name; the class and the permits are those of its first call.
    pub(crate) fn get(
        &self,
        name: &str,
        class: &EgressClass,
        concurrency: Option<usize>,
    ) -> Arc<Destination> {
        let mut known = lock(&self.known);
        if let Some(destination) = known.get(name) {
            return Arc::clone(destination);
        }
        if known.len() >= KEPT {
            known.retain(|_, destination| destination.is_worth_keeping());
        }
        let destination = Arc::new(Destination {
            name: name.to_owned(),
            breaker: Mutex::default(),
            permits: Semaphore::new(concurrency.unwrap_or(self.shared.options.concurrency)),
            is_operators: *class == EgressClass::Operator,
            shared: Arc::clone(&self.shared),
        });
        known.insert(name.to_owned(), Arc::clone(&destination));
        destination
    }

    /// The breaker's state, closed for a name never called.
    pub(crate) fn breaker_state(&self, name: &str) -> BreakerState {
        let now = self.shared.clock.now();
        let known = lock(&self.known);
        known.get(name).map_or(BreakerState::Closed, |destination| lock(&destination.breaker).state(now))
    }
}

impl Destination {
    /// Leave for one call: a permit, for which it may wait a little, and the breaker's consent.
    pub(crate) async fn admit(&self, patience: Duration) -> Result<Attempt<'_>, EgressError> {
        self.refuse_if_open()?; // an open breaker is no reason to wait
        let patience = patience.min(self.options().wait_for_permit);
        let permit = timeout(patience, self.permits.acquire()).await;
        let Ok(Ok(permit)) = permit else { return Err(EgressError::Busy) };
        let admitted = lock(&self.breaker).admit(self.shared.clock.now(), self.options());
        let ticket = admitted.map_err(|retry_after| EgressError::BreakerOpen { retry_after })?;
        Ok(Attempt { destination: self, ticket, verdict: Verdict::Unknown, _permit: permit })
    }

    fn refuse_if_open(&self) -> Result<(), EgressError> {
        match lock(&self.breaker).state(self.shared.clock.now()) {
            BreakerState::Open { retry_after } if retry_after > Duration::ZERO => {
                Err(EgressError::BreakerOpen { retry_after })
            }
            _ => Ok(()),
        }
    }

    fn record(&self, ticket: Ticket, verdict: Verdict) {
        let Shared { clock, entropy, .. } = &*self.shared;
        let mut jitter = [0];
        entropy.fill(&mut jitter);
        let change = lock(&self.breaker).record(ticket, verdict, clock.now(), jitter[0], self.options());
        match change {
            Some(Change::Opened { pause }) => {
                tracing::warn!(
                    destination = self.name,
                    pause_ms = pause.as_millis() as u64,
                    "calls suspended"
                );
            }
            Some(Change::Closed) => tracing::info!(destination = self.name, "calls resumed"),
            None => {}
        }
    }

    fn options(&self) -> &EgressOptions {
        if self.is_operators { &self.shared.operator_options } else { &self.shared.options }
    }

    fn is_worth_keeping(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1 || !lock(&self.breaker).is_fresh()
    }
}

impl Attempt<'_> {
    /// Ends the call with a verdict.
    pub(crate) fn finish(mut self, verdict: Verdict) {
        self.verdict = verdict;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.destination.record(self.ticket, self.verdict);
    }
}

/// Breakers and the map are whole after every step, so a panic elsewhere while one was held does no harm.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use waybill_testkit::{MockClock, SeededEntropy};

    use super::*;

    #[tokio::test]
    async fn names_with_nothing_to_remember_are_forgotten() {
        let clock = MockClock::default();
        let entropy = SeededEntropy::new(1).shared();
        let options = EgressOptions { failures_to_open: 1, ..EgressOptions::default() };
        let destinations = Destinations::new(options, clock.shared(), entropy);
        let failing = destinations.get("failing", &EgressClass::Stranger, None);
        failing.admit(Duration::ZERO).await.ok().unwrap().finish(Verdict::Fails);
        let in_use = destinations.get("in use", &EgressClass::Stranger, None);
        drop(failing);
        for number in 0..KEPT {
            destinations.get(&number.to_string(), &EgressClass::Stranger, None);
        }
        assert!(lock(&destinations.known).len() < KEPT);
        assert!(matches!(destinations.breaker_state("failing"), BreakerState::Open { .. }));
        assert!(Arc::ptr_eq(&in_use, &destinations.get("in use", &EgressClass::Stranger, None)));
    }
}
