//! One at a time of those who want the same: the others find what the first one brought.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

type Place = AsyncMutex<()>;

/// Places by name. A place that nobody holds or waits for takes no room.
#[derive(Clone, Default)]
pub(crate) struct Alone(Arc<Mutex<HashMap<String, Weak<Place>>>>);

/// Many names without holders are swept out when there are so many.
const SWEEP: usize = 1024;

impl Alone {
    /// Waits until nobody else of this process holds the name, and holds it until the guard is dropped.
    pub(crate) async fn hold(&self, name: String) -> OwnedMutexGuard<()> {
        let place = self.place(name);
        place.lock_owned().await
    }

    fn place(&self, name: String) -> Arc<Place> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= SWEEP {
            places.retain(|_, place| place.strong_count() > 0);
        }
        if let Some(place) = places.get(&name).and_then(Weak::upgrade) {
            return place;
        }
        let place = Arc::new(Place::default());
        places.insert(name, Arc::downgrade(&place));
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_held_by_one() {
        let alone = Alone::default();
        let first = alone.hold("a".to_owned()).await;
        let other = alone.hold("b".to_owned()).await;
        let waiting = tokio::spawn({
            let alone = alone.clone();
            async move { drop(alone.hold("a".to_owned()).await) }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(first);
        waiting.await.unwrap();
        drop(other);
    }

    #[tokio::test]
    async fn names_without_holders_are_forgotten() {
        let alone = Alone::default();
        for name in 0..3 * SWEEP {
            drop(alone.hold(name.to_string()).await);
        }
        assert!(alone.0.lock().unwrap().len() <= SWEEP);
    }
}
