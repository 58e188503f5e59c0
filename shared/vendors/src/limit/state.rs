//! What a process knows of a limit.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;
use waybill_store::tables::vendor_limits::Standing;

use super::queue::{Queue, Waiter};
use super::sight::Sight;

pub(super) struct State {
    pub(super) queue: Queue,
    /// Slots that were given back, for whoever comes next.
    pub(super) spare: BTreeSet<i64>,
    pub(super) sight: Sight,
    /// The first slot that was free when the database was last asked.
    pub(super) next: i64,
    pause: Option<Pause>,
    /// When the database was last asked.
    pub(super) heard_at: Option<Instant>,
    /// A task gets slots for those who wait.
    pub(super) is_driven: bool,
}

#[derive(Clone, Copy)]
struct Pause {
    until: Instant,
    /// What the database said before that does not end it.
    since: Instant,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            queue: Queue::default(),
            spare: BTreeSet::new(),
            sight: Sight::new(),
            next: 0,
            pause: None,
            heard_at: None,
            is_driven: false,
        }
    }

    /// Learns what the database answered to a question.
    pub(super) fn hear(&mut self, asked: Instant, answered: Instant, standing: &Standing) {
        self.sight.learn(asked, answered, standing.now);
        self.next = standing.next;
        self.heard_at = Some(answered);
        if !standing.paused_for.is_zero() {
            self.pause(answered + standing.paused_for, asked);
        } else if self.pause.is_some_and(|pause| pause.since < asked) {
            self.pause = None;
        }
    }

    /// Nobody calls until then.
    pub(super) fn pause(&mut self, until: Instant, since: Instant) {
        let until = self.pause.map_or(until, |pause| pause.until.max(until));
        self.pause = Some(Pause { until, since });
        self.spare.clear();
    }

    /// What is left of the pause that the vendor asked for.
    pub(super) fn paused_for(&self, now: Instant) -> Option<Duration> {
        let left = self.pause?.until.checked_duration_since(now)?;
        (!left.is_zero()).then_some(left)
    }

    /// Forgets slots that it is too late for.
    pub(super) fn drop_stale(&mut self, usable_for: i64, now: Instant) -> usize {
        let before = self.spare.len();
        let sight = &self.sight;
        self.spare.retain(|slot| sight.is_usable(*slot, usable_for, now));
        before - self.spare.len()
    }

    /// Takes out whoever can have one of the slots that are there, with the slot.
    pub(super) fn serve_from_spare(&mut self, now: Instant) -> Vec<(Waiter, i64)> {
        let mut served = Vec::new();
        while let Some(slot) = self.spare.first().copied()
            && let Some(waiter) = self.queue.next_for(self.sight.certainly_at(slot).max(now))
        {
            self.spare.remove(&slot);
            served.push((waiter, slot));
        }
        served
    }
}
