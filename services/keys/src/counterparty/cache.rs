//! Keys in memory, so that most messages are sealed without a question to anybody.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use waybill_domain::Timestamp;
use waybill_jobs::KeyAnswer;

use super::scope::Scope;

/// Some 3 MB.
const LIMIT: usize = 10_000;

pub(super) struct KeyCache {
    keys: Mutex<HashMap<Scope, KeyAnswer>>,
    limit: usize,
}

impl Default for KeyCache {
    fn default() -> Self {
        Self { keys: Mutex::default(), limit: LIMIT }
    }
}

impl KeyCache {
    /// The key, unless it has expired.
    pub(super) fn get(&self, scope: &Scope, now: Timestamp) -> Option<KeyAnswer> {
        self.lock().get(scope).filter(|key| key.expires_at > now).cloned()
    }

    /// Keeps a key. When there is no room, one that has expired goes, or the one that expires first.
    pub(super) fn put(&self, scope: Scope, key: KeyAnswer) {
        let mut keys = self.lock();
        if keys.len() >= self.limit && !keys.contains_key(&scope) {
            let first = keys.iter().min_by_key(|(_, key)| key.expires_at).map(|(scope, _)| scope.clone());
            if let Some(first) = first {
                keys.remove(&first);
            }
        }
        keys.insert(scope, key);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Scope, KeyAnswer>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use waybill_domain::{Clock as _, KeyType, VaspId};
    use waybill_testkit::MockClock;

    use super::*;

    fn scope(vasp: u64) -> Scope {
        Scope { vasp_id: VaspId::new(vasp), key_type: KeyType::PerVasp, address: None }
    }

    fn key(id: &str, expires_at: Timestamp) -> KeyAnswer {
        KeyAnswer { key_id: id.to_owned(), public_key: String::new(), expires_at }
    }

    #[test]
    fn expired_keys_are_not_given_out() {
        let now = MockClock::default().now();
        let cache = KeyCache::default();
        cache.put(scope(1), key("a", now + Duration::from_millis(1)));
        assert_eq!(cache.get(&scope(1), now).unwrap().key_id, "a");
        assert_eq!(cache.get(&scope(1), now + Duration::from_millis(1)), None);
        assert_eq!(cache.get(&scope(2), now), None);
    }

    #[test]
    fn a_full_cache_makes_room() {
        let now = MockClock::default().now();
        let cache = KeyCache { limit: 3, ..KeyCache::default() };
        for vasp in [3, 1, 2] {
            cache.put(scope(vasp), key("old", now + Duration::from_secs(vasp)));
        }
        cache.put(scope(2), key("new", now + Duration::from_secs(2)));
        assert!(cache.get(&scope(1), now).is_some(), "replacing needs no room");
        cache.put(scope(4), key("new", now + Duration::from_secs(4)));
        assert_eq!(cache.get(&scope(1), now), None, "it would have expired first");
        assert!([2, 3, 4].iter().all(|vasp| cache.get(&scope(*vasp), now).is_some()));
    }
}
