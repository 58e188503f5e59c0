//! So many calls at a time, and fewer where other processes call the same destination.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use waybill_domain::Share;

/// The permits of one destination. A share that becomes smaller ends no call: new ones wait until enough have ended.
pub(crate) struct Permits {
    limit: u32,
    share: Option<Share>,
    taken: Mutex<u32>,
    freed: Notify,
}

/// Leave for one call, until it is dropped.
pub(crate) struct Permit<'a>(&'a Permits);

impl Permits {
    /// Without a share the limit is this process's own.
    pub(crate) fn new(limit: usize, share: Option<Share>) -> Self {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        Self { limit, share, taken: Mutex::default(), freed: Notify::new() }
    }

    /// A permit, as soon as there is one.
    pub(crate) async fn acquire(&self) -> Permit<'_> {
        loop {
            let mut freed = std::pin::pin!(self.freed.notified());
            freed.as_mut().enable(); // what is freed after the look below is not missed
            if let Some(permit) = self.try_acquire() {
                return permit;
            }
            freed.await;
        }
    }

    fn try_acquire(&self) -> Option<Permit<'_>> {
        let limit = self.share.as_ref().map_or(self.limit, |share| share.of(self.limit));
        let mut taken = self.taken();
        let is_free = *taken < limit;
        is_free.then(|| {
            *taken += 1;
            Permit(self)
        })
    }

    /// A number is whole after every step, so a panic elsewhere does no harm.
    fn taken(&self) -> MutexGuard<'_, u32> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.taken() -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use waybill_domain::Place;

    use super::*;

    #[tokio::test]
    async fn a_share_may_change_while_calls_are_under_way() {
        let share = Share::default();
        let permits = Permits::new(4, Some(share.clone()));
        let mut held: Vec<Permit<'_>> = Vec::new();
        for _ in 0..4 {
            held.push(permits.acquire().await);
        }
        share.set(Place { number: 1, of: 2 });
        for still_held in [3, 2] {
            held.pop();
            assert!(permits.acquire().now_or_never().is_none(), "{still_held} are under way, 2 are allowed");
        }
        held.pop();
        held.push(permits.acquire().now_or_never().expect("one of two is free"));
        assert!(permits.acquire().now_or_never().is_none());
        share.set(Place::WHOLE);
        assert!(permits.acquire().now_or_never().is_some(), "the others left");
        share.set(Place::NONE);
        drop(held);
        assert!(permits.acquire().now_or_never().is_none(), "nothing, until there is a share");
    }

    #[tokio::test]
    async fn whoever_waits_gets_what_is_freed_also_by_one_who_went_away() {
        let permits = Permits::new(1, None);
        let held = permits.acquire().await;
        let mut first = Box::pin(permits.acquire());
        let mut second = Box::pin(permits.acquire());
        assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none());
        drop(held);
        drop(first); // it was told, and gave up before it looked
        assert!(second.now_or_never().is_some());
    }
}
