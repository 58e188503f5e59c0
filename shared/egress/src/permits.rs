//! So many calls at a time, and fewer where other processes call the same destination. Whoever finds no place is told when
//! to come again: one after the other, as fast as calls end. If all came again together, most would be turned away again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use waybill_domain::Share;

/// Nobody is told to come later than this.
const LATEST: Duration = Duration::from_secs(30);
/// A call counts for so much of what is thought to be usual: one of this many.
const SMOOTHING: u32 = 8;

/// The permits of one destination. A share that becomes smaller ends no call: new ones wait until enough have ended.
pub(crate) struct Permits {
    limit: u32,
    share: Option<Share>,
    places: Mutex<Places>,
    freed: Notify,
}

#[derive(Default)]
struct Places {
    taken: u32,
    /// How long a call takes.
    usual: Duration,
    /// Places until then are for those who were turned away.
    promised_until: Option<Instant>,
}

/// Leave for one call, until it is dropped.
pub(crate) struct Permit<'a> {
    permits: &'a Permits,
    since: Instant,
}

impl Permits {
    /// Without a share the limit is this process's own.
    pub(crate) fn new(limit: usize, share: Option<Share>) -> Self {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        Self { limit, share, places: Mutex::default(), freed: Notify::new() }
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
        let limit = self.limit();
        let mut places = self.places();
        let is_free = places.taken < limit;
        is_free.then(|| {
            places.taken += 1;
            Permit { permits: self, since: Instant::now() }
        })
    }

    /// How long somebody who found no place should stay away; `None` when this process has no places at all.
    pub(crate) fn turn_away(&self) -> Option<Duration> {
        let limit = self.limit();
        let now = Instant::now();
        let mut places = self.places();
        let each = places.usual.checked_div(limit)?;
        let before = places.promised_until.map_or(now, |until| until.max(now));
        let turn = (before + each).min(now + LATEST);
        places.promised_until = Some(turn);
        Some(turn - now)
    }

    fn limit(&self) -> u32 {
        self.share.as_ref().map_or(self.limit, |share| share.of(self.limit))
    }

    /// They are whole after every step, so a panic elsewhere does no harm.
    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        let mut places = self.permits.places();
        places.taken -= 1;
        places.usual = match places.usual {
            Duration::ZERO => took,
            usual => usual - usual / SMOOTHING + took / SMOOTHING,
        };
        drop(places);
        self.permits.freed.notify_one();
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

    #[tokio::test(start_paused = true)]
    async fn those_turned_away_come_again_one_after_the_other_as_fast_as_calls_end() {
        let permits = Permits::new(2, None);
        let held = permits.acquire().await;
        tokio::time::advance(Duration::from_millis(200)).await;
        drop(held);
        let turns: Vec<_> =
            (0..3).map(|_| permits.turn_away().expect("there are places").as_millis()).collect();
        assert_eq!(turns, [100, 200, 300], "two places, 200 ms each");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(permits.turn_away(), Some(Duration::from_millis(100)), "all of them have come");
        let latest = (0..1000).filter_map(|_| permits.turn_away()).max();
        assert_eq!(latest, Some(LATEST));

        let share = Share::default();
        share.set(Place::NONE);
        assert_eq!(Permits::new(2, Some(share)).turn_away(), None, "others have them");
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
