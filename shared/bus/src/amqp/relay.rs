//! Looks for commands that the broker is to have and does not: delayed ones whose time has come, those given back,
//! those that it did not take, and those that it lost. Runs in every process; no two take the same command.

use std::sync::Arc;
use std::time::Duration;

use lapin::Connection;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, Unpublished};

use super::link::Link;
use super::publisher::{Outgoing, Publisher};
use super::{AmqpOptions, topology};
use crate::naps::Naps;
use crate::shared::Shared;

/// Commands marked in one transaction, at the most.
const BATCH: u32 = 256;
/// While a queue is never empty, lost messages cannot be told from those that wait in it: after so many times
/// `lost_after`, some of the oldest are sent once more each time.
const VERY_LONG: u32 = 10;
const REPEATED_AT_ONCE: u32 = 64;
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Between two looks at the least. Every command that ends wakes whoever looks, and hardly one of them was waited for.
const BREATH: Duration = Duration::from_millis(50);

pub(crate) struct Relay {
    pub(crate) shared: Arc<Shared>,
    pub(crate) publisher: Arc<Publisher>,
    pub(crate) link: Link,
    pub(crate) options: AmqpOptions,
}

impl Relay {
    pub(crate) async fn run(self: Arc<Self>, stopping: CancellationToken) {
        let woken = self.shared.store.any_command_due();
        let mut naps = Naps::new(self.shared.options.idle_poll);
        let mut searched = Instant::now();
        while !stopping.is_cancelled() {
            let nap = match self.turn(&mut naps, &stopping).await {
                Ok(nap) => nap,
                Err(error) => {
                    self.shared.tell(&error, None, "commands could not be looked for");
                    AFTER_FAILURE
                }
            };
            if searched.elapsed() > self.options.lost_after {
                self.search_lost().await;
                searched = Instant::now();
            }
            let breath = nap.min(BREATH);
            tokio::select! {
                () = tokio::time::sleep(breath) => {}
                () = stopping.cancelled() => {}
            }
            let nap = nap - breath;
            if !nap.is_zero() {
                tokio::select! {
                    () = woken.notified() => naps.refresh(),
                    () = tokio::time::sleep(nap) => {}
                    () = stopping.cancelled() => {}
                }
            }
        }
    }

    /// The last, after the publisher has ended.
    pub(crate) async fn give_rest_back(&self) {
        if let Err(error) = self.give_back().await {
            self.shared.tell(
                &error,
                None,
                "what the broker did not take could not be given back; it will be found",
            );
        }
    }

    /// Publishes what is due; gives how long to sleep then.
    async fn turn(&self, naps: &mut Naps, stopping: &CancellationToken) -> Result<Duration, StoreError> {
        self.give_back().await?;
        if !self.publisher.is_open() {
            return Ok(AFTER_FAILURE);
        }
        let paused = self.publisher.paused();
        let held_up = !paused.is_empty();
        let found = self.mark(paused).await?;
        let full = found.len() == BATCH as usize;
        if found.is_empty() {
            naps.in_vain()
        } else {
            naps.refresh()
        }
        for Unpublished { id, kind, traceparent } in found {
            tokio::select! {
                () = self.publisher.publish(Outgoing { id, kind, traceparent }) => {}
                () = stopping.cancelled() => self.publisher.refuse(id),
            }
        }
        if full {
            return Ok(Duration::ZERO);
        }
        let next = self
            .shared
            .store
            .read("commands::next_unpublished", (), |tx, ()| Box::pin(commands::next_unpublished(tx)));
        let nap = naps.until(next.await?);
        Ok(if held_up { nap.min(AFTER_FAILURE) } else { nap })
    }

    async fn mark(&self, paused: Vec<String>) -> Result<Vec<Unpublished>, StoreError> {
        let work = self.shared.store.write("commands::publish", paused, |tx, paused| {
            Box::pin(async move {
                let paused: Vec<&str> = paused.iter().map(String::as_str).collect();
                commands::publish(tx, &paused, BATCH).await
            })
        });
        work.await
    }

    /// Commands that the broker did not take wait in the database again.
    async fn give_back(&self) -> Result<(), StoreError> {
        let refused = self.publisher.take_refused();
        for some in refused.chunks(BATCH as usize) {
            let work = self.shared.store.write("commands::unpublish", some.to_vec(), |tx, ids| {
                Box::pin(commands::unpublish(tx, ids))
            });
            if let Err::<_, StoreError>(error) = work.await {
                self.publisher.refuse_again(refused);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Commands that count as published though their queue is empty: their messages are gone.
    async fn search_lost(&self) {
        let Some(connection) = self.link.connection_now() else { return };
        if let Err(error) = self.reclaim_lost(&connection).await {
            self.shared.tell(&error, None, "lost messages could not be looked for");
        }
    }

    async fn reclaim_lost(&self, connection: &Connection) -> Result<(), StoreError> {
        let (store, after) = (&self.shared.store, self.options.lost_after);
        let kinds = store.read("commands::long_published", after, |tx, after| {
            Box::pin(commands::long_published(tx, *after))
        });
        for kind in kinds.await? {
            let Ok(waiting) = topology::waiting(connection, &self.options, &kind).await else { continue };
            if waiting > 0 {
                self.repeat_oldest(&kind).await?;
                continue;
            }
            let reclaimed =
                store.write("commands::reclaim_lost", (kind.clone(), after), |tx, (kind, after)| {
                    Box::pin(commands::reclaim_lost(tx, kind, *after))
                });
            match reclaimed.await? {
                0 => {}
                count => {
                    tracing::warn!(kind, count, "messages were lost; their commands are published again")
                }
            }
        }
        Ok(())
    }

    async fn repeat_oldest(&self, kind: &str) -> Result<(), StoreError> {
        let work = (kind.to_owned(), self.options.lost_after.saturating_mul(VERY_LONG));
        let repeated = self.shared.store.write("commands::repeat_oldest", work, |tx, (kind, before)| {
            Box::pin(commands::repeat_oldest(tx, kind, *before, REPEATED_AT_ONCE))
        });
        let count: u64 = repeated.await?;
        if count > 0 {
            tracing::warn!(
                kind,
                count,
                "commands were published very long ago; they are published once more"
            );
        }
        Ok(())
    }
}
