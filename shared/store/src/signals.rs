//! Waking whoever hands out commands.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::{Announcement, Announcer};

/// One bell for each kind of command, rung after a commit that may have made one due, one for all kinds, and
/// whoever is told of new commands themselves.
#[derive(Clone, Default)]
pub(crate) struct CommandSignals(Arc<Inner>);

#[derive(Default)]
struct Inner {
    bells: Mutex<HashMap<&'static str, Arc<Notify>>>,
    any: Arc<Notify>,
    announcer: OnceLock<Arc<dyn Announcer>>,
}

/// What a transaction has for others to hear once it is committed.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) kinds: Vec<&'static str>,
    pub(crate) announcements: Vec<Announcement>,
    /// Verifications that have their result now, for the metrics.
    pub(crate) ended: Vec<VerificationEnded>,
}

/// A verification has its result.
#[derive(Debug)]
pub(crate) struct VerificationEnded {
    pub(crate) role: &'static str,
    pub(crate) result: &'static str,
    pub(crate) age: Duration,
}

impl CommandSignals {
    pub(crate) fn of(&self, kind: &'static str) -> Arc<Notify> {
        let mut bells = self.0.bells.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(bells.entry(kind).or_default())
    }

    pub(crate) fn any(&self) -> Arc<Notify> {
        Arc::clone(&self.0.any)
    }

    /// The first one stays.
    pub(crate) fn announce_to(&self, announcer: Arc<dyn Announcer>) {
        let _already = self.0.announcer.set(announcer);
    }

    pub(crate) fn announces(&self) -> bool {
        self.0.announcer.get().is_some_and(|announcer| announcer.is_ready())
    }

    pub(crate) fn raise(&self, notes: Notes) {
        for VerificationEnded { role, result, age } in notes.ended {
            waybill_metrics::verification_ended(role, result, age);
        }
        for kind in &notes.kinds {
            self.of(kind).notify_one();
        }
        if !notes.kinds.is_empty() {
            self.0.any.notify_one();
        }
        if let (false, Some(announcer)) = (notes.announcements.is_empty(), self.0.announcer.get()) {
            announcer.announce(notes.announcements);
        }
    }
}
