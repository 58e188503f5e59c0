//! The rounds of one poller: look, take, work.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use waybill_domain::SharedEntropy;
use waybill_runtime::Shutdown;
use waybill_store::StoreError;

use super::poller::Poll;
use super::turn::{Look, Turn};
use super::{Backlog, PollOptions, PollerHandle};

/// So many rows are taken ahead of those that are worked on, at the most: for each place.
const AHEAD: usize = 4;
/// Each so many looks the figures are asked for instead.
const FIGURES_EVERY: u32 = 16;
/// Work is cut off after this part of the lease, so that nobody else begins meanwhile.
const OF_THE_LEASE: (u32, u32) = (9, 10);
/// What was begun may be finished for so long after the wish to stop.
const LAST_CALLS: Duration = Duration::from_secs(5);

pub(super) struct Rounds<P: Poll> {
    name: &'static str,
    worker: Arc<str>,
    poll: Arc<P>,
    options: PollOptions,
    handle: PollerHandle,
    entropy: SharedEntropy,
    taken: VecDeque<Taken<P::Row>>,
    works: JoinSet<u64>,
    turn: Turn,
    looks: u32,
}

/// A row that nobody works on yet.
struct Taken<R> {
    row: R,
    /// When work on it is cut off.
    until: Instant,
}

impl<P: Poll> Rounds<P> {
    pub(super) fn new(
        name: &'static str,
        worker: String,
        poll: Arc<P>,
        options: PollOptions,
        handle: PollerHandle,
        entropy: SharedEntropy,
    ) -> Self {
        let options =
            PollOptions { concurrency: options.concurrency.max(1), chunk: options.chunk.max(1), ..options };
        Self {
            name,
            worker: worker.into(),
            poll,
            options,
            handle,
            entropy,
            taken: VecDeque::new(),
            works: JoinSet::new(),
            turn: Turn::new(options.look_every),
            looks: 0,
        }
    }

    pub(super) async fn run(mut self, shutdown: Shutdown) {
        let handle = self.handle.clone();
        while !shutdown.is_requested() {
            self.begin_works();
            let has_space = self.space() > 0;
            tokio::select! {
                () = shutdown.requested() => break,
                Some(ended) = self.works.join_next() => self.note(ended),
                () = handle.woken() => self.turn.wake(Instant::now()),
                () = sleep_until(self.turn.next()), if has_space => {
                    // A look that is cut off leaves rows that are due again after their lease.
                    tokio::select! {
                        () = shutdown.requested() => break,
                        () = self.look() => {}
                    }
                }
            }
        }
        self.stop(&shutdown).await;
    }

    /// How many rows may be taken; none as long as there are enough for all places.
    fn space(&self) -> usize {
        let PollOptions { concurrency, chunk, .. } = self.options;
        let (most, there) = (concurrency * chunk * AHEAD, self.taken.len());
        if there > most / 2 { 0 } else { most - there }
    }

    async fn look(&mut self) {
        self.looks = self.looks.wrapping_add(1);
        let figures = self.looks % FIGURES_EVERY == 1 && tell_figures(self.name, &*self.poll).await;
        if figures && self.works.is_empty() && self.taken.is_empty() {
            self.turn.skipped(Instant::now(), &*self.entropy);
            return;
        }
        let room = usize::try_from(self.poll.room().await).unwrap_or(usize::MAX);
        let rows = room.saturating_mul(self.options.chunk).saturating_sub(self.taken.len());
        let limit = u32::try_from(rows.min(self.space())).unwrap_or(u32::MAX);
        if limit == 0 {
            self.turn.skipped(Instant::now(), &*self.entropy);
            return;
        }
        let begun = Instant::now();
        let claimed = self.poll.claim(&self.worker, self.options.lease, limit).await;
        waybill_metrics::poller_looked(self.name);
        let look = match claimed {
            Ok(rows) => {
                let look = if rows.len() >= limit as usize { Look::Full } else { Look::All };
                let until = begun + self.options.lease * OF_THE_LEASE.0 / OF_THE_LEASE.1;
                self.taken.extend(rows.into_iter().map(|row| Taken { row, until }));
                look
            }
            Err(error) => {
                tracing::debug!(poller = self.name, %error, "what is due could not be looked for");
                Look::Failed
            }
        };
        self.turn.looked(look, Instant::now(), &*self.entropy);
    }

    fn begin_works(&mut self) {
        while self.works.len() < self.options.concurrency && !self.taken.is_empty() {
            let count = self.options.chunk.min(self.taken.len());
            let chunk: Vec<Taken<P::Row>> = self.taken.drain(..count).collect();
            let until = chunk.iter().map(|taken| taken.until).min().unwrap_or_else(Instant::now);
            let rows: Vec<P::Row> = chunk.into_iter().map(|taken| taken.row).collect();
            let (name, worker, poll) = (self.name, Arc::clone(&self.worker), Arc::clone(&self.poll));
            self.works.spawn(async move {
                let count = rows.len() as u64;
                let left = until.saturating_duration_since(Instant::now());
                if timeout(left, poll.work(&worker, rows)).await.is_err() {
                    tracing::warn!(poller = name, rows = count, "work took too long and was cut off");
                    waybill_metrics::poller_rows(name, "cut-off", count);
                    return 0;
                }
                count
            });
        }
    }

    fn note(&mut self, ended: Result<u64, JoinError>) {
        match ended {
            Ok(0) => {}
            Ok(count) => waybill_metrics::poller_rows(self.name, "worked", count),
            Err(error) if error.is_panic() => {
                tracing::error!(poller = self.name, "work panicked; it is due again after its lease");
                waybill_metrics::poller_rows(self.name, "panicked", self.options.chunk as u64);
            }
            Err(_cancelled) => {}
        }
    }

    /// Gives back what was not begun, and waits a little for what was.
    async fn stop(mut self, shutdown: &Shutdown) {
        let rows: Vec<P::Row> = self.taken.drain(..).map(|taken| taken.row).collect();
        let last_calls = async {
            if !rows.is_empty() {
                let count = rows.len() as u64;
                self.poll.give_back(&self.worker, rows).await;
                waybill_metrics::poller_rows(self.name, "given-back", count);
            }
            while self.works.join_next().await.is_some() {}
        };
        tokio::select! {
            ended = timeout(LAST_CALLS, last_calls) => {
                if ended.is_err() {
                    tracing::warn!(poller = self.name, "what was begun is due again after its lease");
                }
            }
            () = shutdown.overdue() => {}
        }
    }
}

/// False when there is nothing to tell or something is due: then it is looked for at once.
async fn tell_figures<P: Poll>(poller: &'static str, poll: &P) -> bool {
    match poll.backlog().await {
        Ok(Some(Backlog { due, overdue })) => {
            waybill_metrics::poller_due(poller, due, overdue);
            due == 0
        }
        Ok(None) => false,
        Err::<_, StoreError>(error) => {
            tracing::debug!(poller, %error, "what is due could not be counted");
            false
        }
    }
}
