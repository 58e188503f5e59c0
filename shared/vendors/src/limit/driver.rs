//! Gets slots for those who wait in this process: one transaction for all of them.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use waybill_store::StoreError;
use waybill_store::tables::clock;
use waybill_store::tables::vendor_limits::{self, Standing, Wanted};

use super::queue::{Queue, Waiter};
use super::slot::Slot;
use super::state::State;
use super::turns::{Inner, NoTurn, Priority};

/// Polls take no slots further ahead than this, so that a request never waits for longer behind them.
const POLLS_AHEAD: Duration = Duration::from_secs(1);
/// When those slots are taken, polls wait for so long at least, and for twice as long at the most: for some at a time, and
/// not at the moment at which other processes do.
const POLLS_WAIT: Duration = Duration::from_millis(200);
/// It is not worth asking for less.
const POLLS_WORTH: Duration = Duration::from_millis(50);
/// Nobody is told to come at once.
const SHORTEST_WAIT: Duration = Duration::from_millis(10);
/// When the database does not answer.
const A_MOMENT: Duration = Duration::from_secs(1);
/// Questions for the database's time, when it is not known well enough.
const QUESTIONS: usize = 3;
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(10);

/// Works until nobody waits any more.
pub(super) async fn drive(inner: Arc<Inner>) {
    let mut driven = Driven { inner: Arc::clone(&inner), is_over: false };
    let mut driver = Driver { inner, polls_at: None, asked_at: None };
    while let Some(step) = driver.plan() {
        match step {
            Step::Wait(until) => {
                tokio::select! {
                    () = sleep_until(until) => {}
                    () = driver.inner.changed.notified() => {}
                }
            }
            Step::Reserve(wanted) => driver.reserve(wanted).await,
        }
    }
    driven.is_over = true;
}

struct Driver {
    inner: Arc<Inner>,
    /// Polls do not try before.
    polls_at: Option<Instant>,
    /// When the time was last asked for.
    asked_at: Option<Instant>,
}

enum Step {
    Wait(Instant),
    Reserve(Vec<Wanted>),
}

/// When the task panics or the runtime ends: whoever waits is told by the end of its channel, and who comes later starts
/// another task.
struct Driven {
    inner: Arc<Inner>,
    is_over: bool,
}

impl Drop for Driven {
    fn drop(&mut self) {
        if !self.is_over {
            let mut state = self.inner.state();
            state.is_driven = false;
            state.queue = Queue::default();
        }
    }
}

impl Driver {
    /// Serves and refuses whom it can without the database, and says what is to be done next; `None` when nobody waits.
    fn plan(&mut self) -> Option<Step> {
        let inner = Arc::clone(&self.inner);
        let mut replies = Replies::default();
        let step = {
            let mut state = inner.state();
            let now = Instant::now();
            state.queue.forget_gone();
            let (until, retry_after) = match state.paused_for(now) {
                Some(left) => (now + left, left),
                None => (now, A_MOMENT),
            };
            replies.refuse(state.queue.without_patience(until), retry_after);
            for _ in 0..state.drop_stale(inner.rule().usable_for(), now) {
                waybill_metrics::vendor_turn(inner.label(), "lost");
            }
            replies.served.extend(state.serve_from_spare(now));
            self.next_step(&mut state, now)
        };
        replies.send(&inner);
        step
    }

    fn next_step(&self, state: &mut State, now: Instant) -> Option<Step> {
        let Some(soonest) = state.queue.soonest() else {
            state.is_driven = false;
            return None;
        };
        if let Some(left) = state.paused_for(now) {
            return Some(Step::Wait(soonest.min(now + left)));
        }
        let mut wanted = Vec::new();
        if let Some((count, latest)) = state.queue.wanted(Priority::Request) {
            wanted.push(Wanted { count, within: latest - now });
        }
        let polls_wait = self.polls_at.filter(|at| *at > now);
        if let (Some((count, latest)), None) = (state.queue.wanted(Priority::Poll), polls_wait) {
            wanted.push(Wanted { count, within: POLLS_AHEAD.min(latest - now) });
        }
        match polls_wait {
            Some(at) if wanted.is_empty() => Some(Step::Wait(soonest.min(at))),
            _ => Some(Step::Reserve(wanted)),
        }
    }

    async fn reserve(&mut self, wanted: Vec<Wanted>) {
        self.look_at_the_clock().await;
        let asked = Instant::now();
        let work = (self.inner.limit.clone(), wanted);
        let reserved = self.inner.store.write("vendor_limits::reserve", work, |tx, (limit, wanted)| {
            Box::pin(vendor_limits::reserve(tx, limit, wanted))
        });
        match reserved.await {
            Ok(standing) => self.hand_out(asked, &standing),
            Err::<_, StoreError>(error) => {
                let limit = self.inner.label();
                tracing::debug!(limit, %error, "no turns: the database does not give any");
                self.refuse_all(A_MOMENT);
            }
        }
    }

    fn hand_out(&mut self, asked: Instant, standing: &Standing) {
        let inner = Arc::clone(&self.inner);
        let mut replies = Replies::default();
        {
            let mut state = inner.state();
            let now = Instant::now();
            state.hear(asked, now, standing);
            // What is not wanted any more is there for whoever comes next.
            state.spare.extend(&standing.slots);
            replies.served.extend(state.serve_from_spare(now));
            let next = inner.rule().first(standing.next, standing.now.timestamp_micros());
            let next = state.sight.certainly_at(next).max(now);
            if standing.paused_for.is_zero() {
                // Those slots that are left come too late for them.
                replies.refuse(state.queue.without_patience(next), (next - now).max(SHORTEST_WAIT));
            }
            self.polls_at = (next + POLLS_WORTH > now + POLLS_AHEAD).then(|| {
                let jitter = inner.entropy.below(POLLS_WAIT.as_millis() as u64);
                (next + POLLS_WAIT + Duration::from_millis(jitter)) - POLLS_AHEAD
            });
        }
        replies.send(&inner);
    }

    fn refuse_all(&self, retry_after: Duration) {
        let queue = std::mem::take(&mut self.inner.state().queue);
        let mut replies = Replies::default();
        replies.refuse(queue.into_waiters(), retry_after);
        replies.send(&self.inner);
    }

    /// A transaction takes longer than a question. Where that matters for a short window, asks for the time alone.
    async fn look_at_the_clock(&mut self) {
        let enough = Duration::from_micros(self.inner.rule().usable_for().unsigned_abs() / 4);
        let now = Instant::now();
        if self.asked_at.is_some_and(|asked_at| now - asked_at < ASK_AGAIN_AFTER) {
            return;
        }
        for _ in 0..QUESTIONS {
            let asked = Instant::now();
            if self.inner.state().sight.width(asked).is_some_and(|width| width <= enough) {
                return;
            }
            self.asked_at = Some(asked);
            let there = self.inner.store.read("clock::now", (), |tx, ()| Box::pin(clock::now(tx)));
            match there.await {
                Ok(there) => self.inner.state().sight.learn(asked, Instant::now(), there),
                Err::<_, StoreError>(_) => return, // the transaction that follows says so
            }
        }
    }
}

/// What callers are told, once nothing is locked: a slot whose caller is gone comes back.
#[derive(Default)]
struct Replies {
    served: Vec<(Waiter, i64)>,
    refused: Vec<(Waiter, NoTurn)>,
}

impl Replies {
    fn refuse(&mut self, waiters: impl IntoIterator<Item = Waiter>, retry_after: Duration) {
        self.refused.extend(waiters.into_iter().map(|waiter| (waiter, NoTurn { retry_after })));
    }

    fn send(self, inner: &Arc<Inner>) {
        for (waiter, slot) in self.served {
            let _ = waiter.reply.send(Ok(Slot::new(inner, slot)));
        }
        for (waiter, no_turn) in self.refused {
            let _ = waiter.reply.send(Err(no_turn));
        }
    }
}
