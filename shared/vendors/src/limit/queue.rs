//! Who waits for a slot in this process.

use std::collections::VecDeque;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::slot::Slot;
use super::turns::{NoTurn, Priority};

/// A caller that waits.
#[derive(Debug)]
pub(super) struct Waiter {
    /// A later slot is of no use to it.
    pub(super) latest: Instant,
    pub(super) reply: oneshot::Sender<Result<Slot, NoTurn>>,
}

/// Those for whom somebody waits come first; within each kind it is the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Queue {
    requests: VecDeque<Waiter>,
    polls: VecDeque<Waiter>,
}

impl Queue {
    /// `again`: its slot was lost, so it does not queue up once more.
    pub(super) fn add(&mut self, priority: Priority, waiter: Waiter, again: bool) {
        let kind = self.of(priority);
        if again { kind.push_front(waiter) } else { kind.push_back(waiter) }
    }

    fn of(&mut self, priority: Priority) -> &mut VecDeque<Waiter> {
        match priority {
            Priority::Request => &mut self.requests,
            Priority::Poll => &mut self.polls,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.requests.len() + self.polls.len()
    }

    /// How many of a kind wait, and until when the last of them does.
    pub(super) fn wanted(&mut self, priority: Priority) -> Option<(u32, Instant)> {
        let kind = self.of(priority);
        let latest = kind.iter().map(|waiter| waiter.latest).max()?;
        Some((u32::try_from(kind.len()).unwrap_or(u32::MAX), latest))
    }

    /// Forgets those that went away.
    pub(super) fn forget_gone(&mut self) {
        self.requests.retain(|waiter| !waiter.reply.is_closed());
        self.polls.retain(|waiter| !waiter.reply.is_closed());
    }

    /// Takes out those that do not wait until `time`.
    pub(super) fn without_patience(&mut self, time: Instant) -> Vec<Waiter> {
        let mut gone = Vec::new();
        for kind in [&mut self.requests, &mut self.polls] {
            let (without, left) = split(kind, |waiter| waiter.latest < time);
            gone.extend(without);
            *kind = left;
        }
        gone
    }

    /// The next one that a slot at `time` is of use to.
    pub(super) fn next_for(&mut self, time: Instant) -> Option<Waiter> {
        for kind in [&mut self.requests, &mut self.polls] {
            if let Some(at) = kind.iter().position(|waiter| waiter.latest >= time) {
                return kind.remove(at);
            }
        }
        None
    }

    /// Until when the one with the least patience waits.
    pub(super) fn soonest(&self) -> Option<Instant> {
        self.requests.iter().chain(&self.polls).map(|waiter| waiter.latest).min()
    }

    pub(super) fn into_waiters(self) -> impl Iterator<Item = Waiter> {
        self.requests.into_iter().chain(self.polls)
    }
}

fn split(kind: &mut VecDeque<Waiter>, is_gone: impl Fn(&Waiter) -> bool) -> (Vec<Waiter>, VecDeque<Waiter>) {
    let (mut gone, mut left) = (Vec::new(), VecDeque::new());
    for waiter in std::mem::take(kind) {
        if is_gone(&waiter) { gone.push(waiter) } else { left.push_back(waiter) }
    }
    (gone, left)
}
