//! Hands out due commands of one kind. Many commands are claimed in one transaction; a freed slot, a commit that
//! made a command due, or the next due time wakes it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, ClaimedCommand, CommandLease};

use crate::naps::Naps;
use crate::runner::Runner;
use crate::shared::Shared;

/// Commands claimed in one transaction, at the most.
const BATCH: u32 = 64;
const AFTER_FAILURE: Duration = Duration::from_secs(1);

pub(crate) struct Dispatcher {
    shared: Arc<Shared>,
    runner: Runner,
    kind: &'static str,
    slots: Arc<Semaphore>,
    due: Arc<Notify>,
}

impl Dispatcher {
    pub(crate) fn new(shared: Arc<Shared>, runner: Runner, kind: &'static str, concurrency: u32) -> Self {
        let due = shared.store.commands_due(kind);
        let slots = Arc::new(Semaphore::new(concurrency.max(1) as usize));
        Self { shared, runner, kind, slots, due }
    }

    pub(crate) async fn run(self, stopping: CancellationToken) {
        let working = tokio_util::task::TaskTracker::new();
        let mut naps = Naps::new(self.shared.options.idle_poll);
        while !stopping.is_cancelled() {
            let slots = tokio::select! {
                slots = self.free_slots() => slots,
                () = stopping.cancelled() => break,
            };
            let asked = slots.len();
            let sleep = match self.claim(asked).await {
                Ok(claimed) => {
                    let full = claimed.len() == asked;
                    if claimed.is_empty() {
                        naps.in_vain()
                    } else {
                        naps.refresh()
                    }
                    for (command, slot) in claimed.into_iter().zip(slots) {
                        let work = self.runner.clone().run(command);
                        working.spawn(async move {
                            work.await;
                            drop(slot);
                        });
                    }
                    if full { Duration::ZERO } else { self.until_next(&naps).await }
                }
                Err(error) => {
                    self.shared.tell(&error, Some(self.kind), "commands could not be claimed");
                    AFTER_FAILURE
                }
            };
            if !sleep.is_zero() {
                tokio::select! {
                    () = self.due.notified() => naps.refresh(),
                    () = tokio::time::sleep(sleep) => {}
                    () = stopping.cancelled() => {}
                }
            }
        }
        working.close();
        working.wait().await;
    }

    /// Waits for one free slot and takes as many more as are free.
    async fn free_slots(&self) -> Vec<OwnedSemaphorePermit> {
        let mut slots = Vec::new();
        if let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await {
            slots.push(slot);
        }
        while slots.len() < BATCH as usize {
            let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() else { break };
            slots.push(slot);
        }
        slots
    }

    async fn claim(&self, slots: usize) -> Result<Vec<ClaimedCommand>, StoreError> {
        let lease = CommandLease { token: self.shared.token(), length: self.shared.options.lease };
        let limit = u32::try_from(slots).unwrap_or(BATCH);
        let work = (self.kind, limit, lease);
        self.shared
            .store
            .write("commands::claim", work, |tx, (kind, limit, lease)| {
                Box::pin(commands::claim(tx, kind, *limit, lease))
            })
            .await
    }

    async fn until_next(&self, naps: &Naps) -> Duration {
        let next = self
            .shared
            .store
            .read("commands::next_due", self.kind, |tx, kind| Box::pin(commands::next_due(tx, kind)))
            .await;
        match next {
            Ok(next) => naps.until(next),
            Err::<_, StoreError>(error) => {
                self.shared.tell(&error, Some(self.kind), "the next due command is unknown");
                AFTER_FAILURE
            }
        }
    }
}
