//! The index, shared by the handlers and the writer's thread.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::index::Index;

#[derive(Clone)]
pub(super) struct SharedIndex(Arc<RwLock<Index>>);

impl SharedIndex {
    pub(super) fn new(index: Index) -> Self {
        Self(Arc::new(RwLock::new(index)))
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Index> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Index> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
