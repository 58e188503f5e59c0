//! What was asked, accepted and ended, and when.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::withdrawal::Withdrawal;

/// Shared by all withdrawals.
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Mutex<Book>>);

/// The place of a withdrawal in the ledger.
#[derive(Debug, Clone, Copy)]
pub struct Entry(usize);

#[derive(Debug, Default)]
struct Book {
    lines: Vec<Line>,
    refusals: Vec<Refusal>,
    unreachable: Vec<Instant>,
}

/// One withdrawal.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub accepted: Option<Instant>,
    pub ended: Option<(Instant, Withdrawal)>,
}

/// A request that was answered otherwise than 200.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub at: Instant,
    pub told: String,
    /// 503 with `Retry-After`.
    pub polite: bool,
}

impl Ledger {
    pub fn begin(&self) -> Entry {
        let mut book = self.book();
        book.lines.push(Line::default());
        Entry(book.lines.len() - 1)
    }

    pub fn accepted(&self, entry: Entry) {
        self.book().lines[entry.0].accepted = Some(Instant::now());
    }

    pub fn ended(&self, entry: Entry, withdrawal: Withdrawal) {
        self.book().lines[entry.0].ended = Some((Instant::now(), withdrawal));
    }

    pub fn refused(&self, told: String, polite: bool) {
        self.book().refusals.push(Refusal { at: Instant::now(), told, polite });
    }

    pub fn unreachable(&self) {
        self.book().unreachable.push(Instant::now());
    }

    /// All withdrawals, as they stand.
    pub fn lines(&self) -> Vec<Line> {
        self.book().lines.clone()
    }

    /// How many withdrawals were begun, whatever came of them.
    pub fn begun(&self) -> usize {
        self.book().lines.len()
    }

    /// Whether the first so many have all ended.
    pub fn have_ended(&self, first: usize) -> bool {
        self.book().lines[..first].iter().all(|line| line.ended.is_some())
    }

    /// Refusals within a time that a backend cannot act on.
    pub fn impolite(&self, from: Instant, to: Instant) -> BTreeMap<String, usize> {
        count(
            self.book().refusals.iter().filter(|refusal| !refusal.polite && (from..to).contains(&refusal.at)),
        )
    }

    /// All refusals within a time.
    pub fn refusals(&self, from: Instant, to: Instant) -> BTreeMap<String, usize> {
        count(self.book().refusals.iter().filter(|refusal| (from..to).contains(&refusal.at)))
    }

    /// Requests within a time to which no answer came.
    pub fn unanswered(&self, from: Instant, to: Instant) -> usize {
        self.book().unreachable.iter().filter(|at| (from..to).contains(at)).count()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count<'a>(refusals: impl Iterator<Item = &'a Refusal>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for refusal in refusals {
        *counts.entry(refusal.told.clone()).or_default() += 1;
    }
    counts
}
