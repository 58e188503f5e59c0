//! Waking whoever hands out commands.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// One bell for each kind of command, rung after a commit that may have made one due.
#[derive(Clone, Default)]
pub(crate) struct CommandSignals(Arc<Mutex<HashMap<&'static str, Arc<Notify>>>>);

impl CommandSignals {
    pub(crate) fn of(&self, kind: &'static str) -> Arc<Notify> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(bells.entry(kind).or_default())
    }

    pub(crate) fn raise(&self, kinds: &[&'static str]) {
        for kind in kinds {
            self.of(kind).notify_one();
        }
    }
}
