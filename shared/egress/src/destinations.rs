//! What is remembered of each destination: its breaker and its permits.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::timeout;
use waybill_domain::{Share, SharedClock, SharedEntropy, Timestamp};

use crate::board::{BreakerBoard, BreakerChange, OpenElsewhere, Probe};
use crate::breaker::{Breaker, BreakerState, Ticket, Verdict};
use crate::error::EgressError;
use crate::options::EgressOptions;
use crate::permits::{Permit, Permits};
use crate::policy::EgressClass;

/// So many names are kept before those with nothing to remember are dropped.
const KEPT: usize = 4096;

pub(crate) struct Destinations {
    known: Mutex<HashMap<String, Arc<Destination>>>,
    /// What other processes said last, and when, for those that are not known here yet.
    elsewhere: Mutex<HashMap<String, (OpenElsewhere, Timestamp)>>,
    shared: Arc<Shared>,
}

struct Shared {
    options: EgressOptions,
    operator_options: EgressOptions,
    clock: SharedClock,
    entropy: SharedEntropy,
    board: OnceLock<Arc<dyn BreakerBoard>>,
}

pub(crate) struct Destination {
    name: String,
    breaker: Mutex<Breaker>,
    permits: Permits,
    is_operators: bool,
    is_shared: bool,
    shared: Arc<Shared>,
}

/// An admitted call. Dropped without a verdict (the caller went away) it tells the breaker nothing.
pub(crate) struct Attempt<'a> {
    destination: &'a Destination,
    ticket: Ticket,
    verdict: Verdict,
    _permit: Permit<'a>,
}

impl Destinations {
    pub(crate) fn new(options: EgressOptions, clock: SharedClock, entropy: SharedEntropy) -> Self {
        let operator_options = options.of_operator();
        let shared = Arc::new(Shared { options, operator_options, clock, entropy, board: OnceLock::new() });
        Self { known: Mutex::default(), elsewhere: Mutex::default(), shared }
    }

    /// From now on changes of shared breakers are told to other processes. The first board stays.
    pub(crate) fn share_breakers(&self, board: Arc<dyn BreakerBoard>) {
        self.shared.board.get_or_init(|| board);
    }

    /// Takes over what other processes say: all destinations that they leave alone. Nothing is changed of those in
    /// `untold`, of which they have not heard the latest.
    pub(crate) fn hear(&self, open: &[OpenElsewhere], untold: &HashSet<String>) {
        let now = self.shared.clock.now();
        let open = open.iter().filter(|open| !untold.contains(&open.destination));
        let open: HashMap<String, (OpenElsewhere, Timestamp)> =
            open.map(|open| (open.destination.clone(), (open.clone(), now))).collect();
        let known: Vec<Arc<Destination>> = lock(&self.known).values().cloned().collect();
        for destination in known {
            if destination.is_shared && !untold.contains(&destination.name) {
                destination.hear(open.get(&destination.name).map(|(open, _)| open), now);
            }
        }
        *lock(&self.elsewhere) = open;
    }

    /// The destination with a name; the class, the permits and the share are those of its first call.
    pub(crate) fn get(
        &self,
        name: &str,
        class: &EgressClass,
        concurrency: Option<usize>,
        share: Option<&Share>,
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
            permits: Permits::new(concurrency.unwrap_or(self.shared.options.concurrency), share.cloned()),
            is_operators: *class == EgressClass::Operator,
            // Strangers are without number: what is known of them stays here.
            is_shared: share.is_some() && *class != EgressClass::Stranger,
            shared: Arc::clone(&self.shared),
        });
        if destination.is_shared
            && let Some((open, heard_at)) = lock(&self.elsewhere).get(name)
        {
            destination.hear(Some(open), *heard_at);
        }
        destination.measure();
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
    /// Leave for one call that takes up to `length`: a permit, for which it may wait a little, and the breaker's consent.
    pub(crate) async fn admit(&self, length: Duration) -> Result<Attempt<'_>, EgressError> {
        self.refuse_if_open()?; // an open breaker is no reason to wait
        let patience = length.min(self.options().wait_for_permit);
        let permit = timeout(patience, self.permits.acquire()).await;
        let Ok(permit) = permit else {
            return Err(EgressError::Busy { retry_after: self.permits.turn_away() });
        };
        let admitted = lock(&self.breaker).admit(self.shared.clock.now(), self.options());
        let ticket = admitted.map_err(|retry_after| EgressError::BreakerOpen { retry_after })?;
        // From here on, dropping it lets the next call probe.
        let attempt = Attempt { destination: self, ticket, verdict: Verdict::Unknown, _permit: permit };
        if ticket.probes
            && let Some(Probe::Theirs { retry_after }) = self.claim_probe(length).await
        {
            attempt.finish(Verdict::Elsewhere(retry_after));
            return Err(EgressError::BreakerOpen { retry_after });
        }
        Ok(attempt)
    }

    async fn claim_probe(&self, length: Duration) -> Option<Probe> {
        Some(self.board()?.claim_probe(&self.name, length).await)
    }

    fn board(&self) -> Option<&dyn BreakerBoard> {
        if self.is_shared { self.shared.board.get().map(|board| &**board) } else { None }
    }

    fn hear(&self, open: Option<&OpenElsewhere>, now: Timestamp) {
        let mut breaker = lock(&self.breaker);
        match open {
            Some(OpenElsewhere { left, failed_probes, .. }) => {
                if breaker.hear_open(*left, *failed_probes, now, self.options()) {
                    tracing::info!(destination = self.name, "calls suspended, as another process does");
                }
            }
            None => {
                if breaker.hear_closed() {
                    tracing::info!(destination = self.name, "calls resumed, as another process does");
                }
            }
        }
        drop(breaker);
        self.measure();
    }

    /// For the metrics.
    fn measure(&self) {
        let state = lock(&self.breaker).state(self.shared.clock.now());
        waybill_metrics::breaker(&self.name, state != BreakerState::Closed);
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
        let Some(change) = change else { return };
        self.measure();
        match change {
            BreakerChange::Opened { pause, .. } => {
                let pause_ms = pause.as_millis() as u64;
                tracing::warn!(destination = self.name, pause_ms, "calls suspended");
            }
            BreakerChange::Closed => tracing::info!(destination = self.name, "calls resumed"),
            BreakerChange::Released => {}
        }
        if let Some(board) = self.board() {
            board.tell(&self.name, change);
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
    use async_trait::async_trait;
    use waybill_testkit::{MockClock, SeededEntropy};

    use super::*;

    /// Remembers what it is told; others probe.
    #[derive(Default)]
    struct StubBoard(Mutex<Vec<(String, BreakerChange)>>);

    #[async_trait]
    impl BreakerBoard for StubBoard {
        fn tell(&self, destination: &str, change: BreakerChange) {
            lock(&self.0).push((destination.to_owned(), change));
        }

        async fn claim_probe(&self, _: &str, _: Duration) -> Probe {
            Probe::Theirs { retry_after: Duration::from_secs(7) }
        }
    }

    #[tokio::test]
    async fn what_is_known_of_strangers_and_of_ones_own_destinations_stays_here() {
        let clock = MockClock::default();
        let options = EgressOptions { failures_to_open: 1, ..EgressOptions::default() };
        let destinations = Destinations::new(options, clock.shared(), SeededEntropy::new(1).shared());
        let board = Arc::new(StubBoard::default());
        destinations.share_breakers(board.clone());
        let share = Share::default();
        for (name, class, share) in [
            ("stranger", EgressClass::Stranger, Some(&share)),
            ("own", EgressClass::Operator, None),
            ("shared", EgressClass::Operator, Some(&share)),
        ] {
            let destination = destinations.get(name, &class, None, share);
            destination.admit(Duration::ZERO).await.ok().unwrap().finish(Verdict::Fails);
            clock.advance(Duration::from_secs(60));
            let probe = destination.admit(Duration::ZERO).await.err();
            let waits = EgressError::BreakerOpen { retry_after: Duration::from_secs(7) };
            assert_eq!(probe, (name == "shared").then_some(waits), "{name}");
        }
        let told: Vec<String> = lock(&board.0).iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(told, ["shared"]);
    }

    #[tokio::test]
    async fn names_with_nothing_to_remember_are_forgotten() {
        let clock = MockClock::default();
        let entropy = SeededEntropy::new(1).shared();
        let options = EgressOptions { failures_to_open: 1, ..EgressOptions::default() };
        let destinations = Destinations::new(options, clock.shared(), entropy);
        let failing = destinations.get("failing", &EgressClass::Stranger, None, None);
        failing.admit(Duration::ZERO).await.ok().unwrap().finish(Verdict::Fails);
        let in_use = destinations.get("in use", &EgressClass::Stranger, None, None);
        drop(failing);
        for number in 0..KEPT {
            destinations.get(&number.to_string(), &EgressClass::Stranger, None, None);
        }
        assert!(lock(&destinations.known).len() < KEPT);
        assert!(matches!(destinations.breaker_state("failing"), BreakerState::Open { .. }));
        assert!(Arc::ptr_eq(&in_use, &destinations.get("in use", &EgressClass::Stranger, None, None)));
    }
}
