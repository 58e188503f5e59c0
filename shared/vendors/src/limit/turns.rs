//! A limit, as those who call see it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, sleep_until};
use waybill_context::Context;
use waybill_domain::{SharedEntropy, SlotRule};
use waybill_store::tables::vendor_limits::{self, VendorLimit};
use waybill_store::{Store, StoreError};

use super::driver::drive;
use super::queue::Waiter;
use super::slot::Slot;
use super::state::State;

/// No `Retry-After` is obeyed for longer, but where the window is longer: it may be used up until its end.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// Whoever waits longer for a slot asks so often whether the vendor asked for a pause meanwhile.
const LISTEN_EVERY: Duration = Duration::from_secs(1);
/// When the database does not answer.
const A_MOMENT: Duration = Duration::from_secs(1);

/// How urgent a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Somebody waits for the answer.
    Request,
    /// Nobody does; it comes after those.
    Poll,
}

/// There is no turn in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no turn within the time given")]
pub struct NoTurn {
    /// When trying again makes sense.
    pub retry_after: Duration,
}

/// A limit that a vendor sets to one credential. All processes over one database share it by its name, and a restart forgets
/// nothing. Clones are one; a process should have one for each name, because those who wait for it are served in order.
#[derive(Clone)]
pub struct Limit(Arc<Inner>);

pub(super) struct Inner {
    pub(super) limit: VendorLimit,
    window: Duration,
    label: String,
    pub(super) store: Store,
    pub(super) entropy: SharedEntropy,
    state: Mutex<State>,
    /// There are new callers, or slots that were given back.
    pub(super) changed: Notify,
}

impl Limit {
    /// A limit of `times` calls in each window. The name is that of the API and of the credential, `chainalysis-kyt:1a2b3c4d`.
    pub fn new(ctx: &Context, name: impl Into<String>, times: u32, window: Duration) -> Self {
        Self::over(&ctx.store, &ctx.entropy, name, times, window)
    }

    /// The same over parts that are given.
    pub fn over(
        store: &Store,
        entropy: &SharedEntropy,
        name: impl Into<String>,
        times: u32,
        window: Duration,
    ) -> Self {
        let (name, rule) = (name.into(), SlotRule::new(times, window));
        let label = name.split(':').next().unwrap_or_default().to_owned();
        let inner = Inner {
            limit: VendorLimit { name, rule, longest_pause: LONGEST_PAUSE.max(window) },
            window,
            label,
            store: store.clone(),
            entropy: Arc::clone(entropy),
            state: Mutex::new(State::new()),
            changed: Notify::new(),
        };
        Self(Arc::new(inner))
    }

    /// A turn, at once or after waiting: the call is to be made right after.
    ///
    /// # Errors
    /// [`NoTurn`] when there is none in time, when the vendor asked for a longer pause, and when the database does not answer.
    pub async fn turn(&self, priority: Priority, wait_at_most: Duration) -> Result<(), NoTurn> {
        self.take(priority, Instant::now() + wait_at_most).await.map(Slot::spend)
    }

    /// A turn no later than `latest`. It is lost to others when it is neither spent nor dropped in time.
    pub(crate) async fn take(&self, priority: Priority, latest: Instant) -> Result<Slot, NoTurn> {
        let begun = Instant::now();
        let outcome = self.wait_for_slot(priority, latest).await;
        waybill_metrics::vendor_turn_waited(&self.0.label, begun.elapsed());
        if outcome.is_err() {
            waybill_metrics::vendor_turn(&self.0.label, "refused");
        }
        outcome
    }

    async fn wait_for_slot(&self, priority: Priority, latest: Instant) -> Result<Slot, NoTurn> {
        let mut again = false;
        loop {
            let slot = self.enqueue(priority, latest, again).await?;
            match self.wait_until(&slot, latest).await? {
                true => return Ok(slot),
                false => again = true,
            }
        }
    }

    async fn enqueue(&self, priority: Priority, latest: Instant, again: bool) -> Result<Slot, NoTurn> {
        let (reply, answer) = oneshot::channel();
        {
            let mut state = self.0.state();
            state.queue.add(priority, Waiter { latest, reply }, again);
            if state.is_driven {
                self.0.changed.notify_one();
            } else {
                state.is_driven = true;
                tokio::spawn(drive(Arc::clone(&self.0)));
            }
        }
        // Without an answer the task is gone: the program stops.
        answer.await.unwrap_or(Err(NoTurn { retry_after: A_MOMENT }))
    }

    /// Waits for the time of a slot. False when it cannot be used after all.
    async fn wait_until(&self, slot: &Slot, latest: Instant) -> Result<bool, NoTurn> {
        loop {
            let at = {
                let state = self.0.state();
                let now = Instant::now();
                if let Some(left) = state.paused_for(now) {
                    return if now + left > latest { Err(NoTurn { retry_after: left }) } else { Ok(false) };
                }
                let at = state.sight.certainly_at(slot.at());
                if now >= at {
                    return Ok(state.sight.is_usable(slot.at(), self.0.rule().usable_for(), now));
                }
                at
            };
            sleep_until(at.min(Instant::now() + LISTEN_EVERY)).await;
            if Instant::now() < at {
                self.0.listen().await;
            }
        }
    }

    /// The vendor asked everybody to wait: no process calls for so long. At most 10 min, or the window where that is longer.
    pub async fn pause(&self, length: Duration) {
        self.throttled(Some(length)).await;
    }

    /// The vendor asked to wait for so long, or said no time: then longer each time in a row. Returns what is left of the pause.
    pub(crate) async fn throttled(&self, asked: Option<Duration>) -> Duration {
        let asked = asked.map(|asked| asked.min(self.0.limit.longest_pause));
        let begun = Instant::now();
        let is_news = {
            let mut state = self.0.state();
            let is_news = state.paused_for(begun).is_none();
            state.pause(begun + asked.unwrap_or(A_MOMENT), begun);
            is_news
        };
        let mut jitter = [0];
        self.0.entropy.fill(&mut jitter);
        let noted = (self.0.limit.clone(), asked, jitter[0]);
        let noted = self.0.store.write("vendor_limits::pause", noted, |tx, (limit, asked, jitter)| {
            Box::pin(vendor_limits::pause(tx, limit, *asked, *jitter))
        });
        let left = match noted.await {
            Ok(left) => left,
            Err::<_, StoreError>(error) => {
                let limit = self.0.label.as_str();
                tracing::warn!(limit, %error, "other processes do not know that the vendor asked for a pause");
                asked.unwrap_or(A_MOMENT)
            }
        };
        let now = Instant::now();
        self.0.state().pause(now + left, now);
        self.0.changed.notify_one(); // those who do not wait for so long
        waybill_metrics::vendor_paused(&self.0.label);
        if is_news {
            let (limit, pause_ms) = (self.0.label.as_str(), left.as_millis() as u64);
            tracing::warn!(limit, pause_ms, "the vendor asked for a pause");
        }
        left
    }

    /// Turns that could be had within this time, as far as is known without asking; none during a pause.
    pub fn room(&self, within: Duration) -> u32 {
        let state = self.0.state();
        let now = Instant::now();
        if state.paused_for(now).is_some() {
            return 0;
        }
        let within = i64::try_from(within.as_micros()).unwrap_or(i64::MAX / 4);
        // Nobody has called yet: everything is free.
        let there = state.sight.now(now).unwrap_or_default();
        let free = self.0.rule().room(state.next, there, there.saturating_add(within));
        free.saturating_sub(u32::try_from(state.queue.len()).unwrap_or(u32::MAX))
    }

    pub(crate) fn window(&self) -> Duration {
        self.0.window
    }
}

impl fmt::Debug for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Limit").field(&self.0.limit.name).finish()
    }
}

impl Inner {
    pub(super) fn rule(&self) -> &SlotRule {
        &self.limit.rule
    }

    /// The name in metrics and logs, without the credential.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// Whole after every step, so a panic elsewhere while it was held does no harm.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A slot that was not used.
    pub(super) fn give_back(&self, slot: i64) {
        let mut state = self.state();
        let now = Instant::now();
        let paused = state.paused_for(now).is_some();
        if !paused && state.sight.is_usable(slot, self.rule().usable_for(), now) {
            state.spare.insert(slot);
            self.changed.notify_one();
        } else {
            waybill_metrics::vendor_turn(&self.label, "lost");
        }
    }

    /// Asks whether there is a pause, unless somebody in this process asked a moment ago.
    async fn listen(&self) {
        let asked = Instant::now();
        {
            let mut state = self.state();
            if state.heard_at.is_some_and(|heard_at| asked - heard_at < LISTEN_EVERY) {
                return;
            }
            state.heard_at = Some(asked);
        }
        let read = self.store.read("vendor_limits::look", self.limit.clone(), |tx, limit| {
            Box::pin(vendor_limits::look(tx, limit))
        });
        match read.await {
            Ok(Some(standing)) => self.state().hear(asked, Instant::now(), &standing),
            Ok(None) => {}
            Err::<_, StoreError>(error) => {
                tracing::debug!(limit = self.label, %error, "whether there is a pause is not known");
            }
        }
    }
}
