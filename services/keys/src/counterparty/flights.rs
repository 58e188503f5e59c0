//! Single flight: whoever asks for what is being fetched waits for the same outcome, good or bad.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tracing::Instrument as _;
use waybill_domain::{Fault, codes};

type Flight<T> = Shared<BoxFuture<'static, Result<T, Fault>>>;

/// Work under way, by what it is for.
pub(super) struct Flights<K, T>(Arc<Mutex<HashMap<K, Flight<T>>>>);

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, T> Flights<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Joins the work for `key`, or starts it. It goes on when those who asked have given up, for those who ask next.
    pub(super) fn join<F>(&self, key: K, start: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = Result<T, Fault>> + Send + 'static,
    {
        let mut under_way = lock(&self.0);
        if let Some(flight) = under_way.get(&key).filter(|flight| flight.peek().is_none()) {
            return flight.clone();
        }
        let (work, all, done) = (start(), Arc::clone(&self.0), key.clone());
        let task = tokio::spawn(
            async move {
                let outcome = work.await;
                lock(&all).remove(&done);
                outcome
            }
            .in_current_span(),
        );
        let flight =
            async { task.await.unwrap_or_else(|_panic| Err(codes::internal_error())) }.boxed().shared();
        under_way.insert(key, flight.clone());
        flight
    }
}

/// The map is whole after every step, so a panic elsewhere while it was held does no harm.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn those_who_come_while_it_is_under_way_share_it() {
        let (flights, landed, count) =
            (Flights::default(), Arc::new(Notify::new()), Arc::new(AtomicU32::new(0)));
        let join = |key: &'static str| {
            let (landed, count) = (Arc::clone(&landed), Arc::clone(&count));
            flights.join(key, || async move {
                landed.notified().await;
                Ok(count.fetch_add(1, Ordering::SeqCst))
            })
        };
        let (first, second) = (join("a"), join("a"));
        landed.notify_one();
        assert_eq!((first.await, second.await), (Ok(0), Ok(0)));
        landed.notify_one();
        assert_eq!(join("a").await, Ok(1), "the next one starts anew");
    }

    #[tokio::test]
    async fn it_lands_when_everybody_has_left() {
        let (flights, start, landed) = (Flights::default(), Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (started, told) = (Arc::clone(&start), Arc::clone(&landed));
        drop(flights.join("a", || async move {
            started.notified().await;
            told.notify_one();
            Ok(())
        }));
        start.notify_one();
        landed.notified().await;
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_error_and_blocks_nobody() {
        let flights = Flights::<_, ()>::default();
        let bad = flights.join("a", || async { std::panic::resume_unwind(Box::new("no print")) });
        assert_eq!(bad.await.unwrap_err().code, "INTERNAL-ERROR");
        assert_eq!(flights.join("a", || async { Ok(()) }).await, Ok(()));
    }
}
