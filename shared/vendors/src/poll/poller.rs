//! What a poller asks of those who use it, and its start.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use waybill_context::Context;
use waybill_domain::SharedEntropy;
use waybill_runtime::TaskGroup;
use waybill_store::StoreError;

use super::rounds::Rounds;
use super::{PollOptions, PollerHandle};

/// What is due and waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Rows that are due and that nobody works on.
    pub due: u64,
    /// How long the one that is due the longest has been due.
    pub overdue: Duration,
}

/// Rows that are worked on when they are due.
#[async_trait]
pub trait Poll: Send + Sync + 'static {
    /// One of them.
    type Row: Send + 'static;

    /// Takes up to `limit` rows that are due, in the name of `worker`. They are due again after the lease, when nothing is
    /// written about them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn claim(&self, worker: &str, lease: Duration, limit: u32) -> Result<Vec<Self::Row>, StoreError>;

    /// Works on rows that were claimed, one chunk at the most. A panic ends this work only; the rows are due again after the
    /// lease.
    async fn work(&self, worker: &str, rows: Vec<Self::Row>);

    /// Calls that may be made in the next seconds; 0 when the vendor is away or asked for a pause. Rows that nobody could
    /// work on are not claimed. Must cost nothing.
    async fn room(&self) -> u32;

    /// Makes rows due now that were claimed and not begun, because the program stops. Otherwise they wait for the end of
    /// the lease.
    async fn give_back(&self, _worker: &str, _rows: Vec<Self::Row>) {}

    /// What is due and waits, for the figures; asked for in place of looking, now and then.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn backlog(&self) -> Result<Option<Backlog>, StoreError> {
        Ok(None)
    }
}

/// Starts a poller, which works until the shutdown. Several processes may run one with the same name.
pub fn poll<P: Poll>(ctx: &Context, name: &'static str, poll: Arc<P>, options: PollOptions) -> PollerHandle {
    poll_over(&ctx.tasks, &ctx.entropy, name, poll, options)
}

/// The same over parts that are given.
pub fn poll_over<P: Poll>(
    tasks: &TaskGroup,
    entropy: &SharedEntropy,
    name: &'static str,
    poll: Arc<P>,
    options: PollOptions,
) -> PollerHandle {
    let handle = PollerHandle::default();
    let mut worker = [0; 16];
    entropy.fill(&mut worker);
    let worker = hex::encode(worker);
    let rounds = Rounds::new(name, worker, poll, options, handle.clone(), Arc::clone(entropy));
    tasks.spawn(name, rounds.run(tasks.shutdown().clone()));
    handle
}
