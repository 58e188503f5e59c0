//! Clears away what nobody needs any more: old keys, messages that were seen, answers kept for repetition, commands
//! that were done.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use waybill_domain::{SharedClock, Timestamp};
use waybill_runtime::Shutdown;
use waybill_store::tables::own_keys::Needless;
use waybill_store::tables::{commands, counter_party_keys, idempotency, leases, own_keys, received_messages};
use waybill_store::{Store, StoreError, Tx, TxFuture};

use crate::Lifetimes;

const EVERY: Duration = Duration::from_secs(3600);
/// Not given back when the work is done, so that it is done once an hour however many processes there are.
const LEASE: Duration = Duration::from_secs(55 * 60);
/// Far longer than the 10 minutes in which a repeated message still has a valid signature.
const KEEP_MESSAGES: Duration = Duration::from_secs(24 * 3600);
/// Callbacks that were delivered can be delivered again for as long, and their log be read.
const KEEP_COMMANDS: Duration = Duration::from_secs(30 * 24 * 3600);
/// Rows that go in one transaction, so that others get their turn.
const BATCH: u32 = 500;

/// The work of clearing away.
pub struct Housekeeping {
    /// Where everything is kept.
    pub store: Store,
    /// The current time.
    pub clock: SharedClock,
    /// Names this process among those that could do the work.
    pub token: String,
    /// How long keys are kept.
    pub lifetimes: Lifetimes,
    /// How long answers are kept for repetition.
    pub keep_idempotency_keys: Duration,
}

/// How much was cleared away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Our own key pairs.
    pub own_keys: u64,
    /// Public keys of counterparties.
    pub counter_party_keys: u64,
    /// Messages of counterparties.
    pub received_messages: u64,
    /// Answers kept for repetition.
    pub idempotency_keys: u64,
    /// Commands that were done, and the log of those that were callbacks.
    pub commands: u64,
}

impl Housekeeping {
    /// Works at once and then every hour, until the shutdown is requested.
    pub async fn run(self, shutdown: Shutdown) {
        let mut hourly = interval(EVERY);
        hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let work = async {
            loop {
                hourly.tick().await;
                match self.clean().await {
                    Ok(Some(cleaned)) => tracing::debug!(?cleaned, "cleared away"),
                    Ok(None) => {}
                    Err(error) => tracing::warn!(%error, "clearing away failed; the next try is in an hour"),
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = shutdown.requested() => {}
        }
    }

    /// Does the work once; `None` when another process has done it within the hour.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn clean(&self) -> Result<Option<Cleaned>, StoreError> {
        let lease = self.store.write("keys::lease", self.token.clone(), |tx, token| {
            Box::pin(leases::acquire(tx, "housekeeping", token, LEASE))
        });
        if !lease.await? {
            return Ok(None);
        }
        let now = self.clock.now();
        Ok(Some(Cleaned {
            own_keys: self.purge_own_keys(now).await?,
            counter_party_keys: self.purge_counter_party_keys(now).await?,
            received_messages: self.purge_messages(now - KEEP_MESSAGES).await?,
            idempotency_keys: self.purge_idempotency_keys(now - self.keep_idempotency_keys).await?,
            commands: self.purge_commands(now - KEEP_COMMANDS).await?,
        }))
    }

    async fn purge_own_keys(&self, now: Timestamp) -> Result<u64, StoreError> {
        let needless_before = self.lifetimes.needless_before(now);
        let needless = Needless {
            retired_before: needless_before,
            single_use_before: needless_before,
            per_address_before: self.lifetimes.worn_since(needless_before),
        };
        self.in_batches("own_keys::purge", needless, |tx, needless| {
            Box::pin(own_keys::purge(tx, *needless, BATCH))
        })
        .await
    }

    async fn purge_counter_party_keys(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.in_batches("counter_party_keys::purge", before, |tx, before| {
            Box::pin(counter_party_keys::purge(tx, *before, BATCH))
        })
        .await
    }

    async fn purge_messages(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.in_batches("received_messages::purge", before, |tx, before| {
            Box::pin(received_messages::purge(tx, *before, BATCH))
        })
        .await
    }

    async fn purge_idempotency_keys(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.in_batches("idempotency::purge", before, |tx, before| {
            Box::pin(idempotency::purge(tx, *before, BATCH))
        })
        .await
    }

    async fn purge_commands(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.in_batches("commands::purge", before, |tx, before| Box::pin(commands::purge(tx, *before, BATCH)))
            .await
    }

    async fn in_batches<A: Copy + Send + Sync + 'static>(
        &self,
        name: &'static str,
        which: A,
        purge: for<'t> fn(&'t mut Tx, &'t A) -> TxFuture<'t, u64, StoreError>,
    ) -> Result<u64, StoreError> {
        let mut gone = 0;
        loop {
            let batch = self.store.write(name, which, purge).await?;
            gone += batch;
            if batch < BATCH.into() {
                return Ok(gone);
            }
        }
    }
}
