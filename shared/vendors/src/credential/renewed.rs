//! What has to be made anew with each new credential.

use std::sync::{Arc, PoisonError, RwLock};

/// A thing that was made with the newest credential. Clones are one.
pub struct Renewed<T>(Arc<RwLock<Arc<T>>>);

impl<T> Renewed<T> {
    pub(super) fn new(first: T) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(first))))
    }

    /// As it is now. Whoever works with it keeps it to the end of that work.
    pub fn get(&self) -> Arc<T> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn put(&self, next: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }
}

impl<T> Clone for Renewed<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
