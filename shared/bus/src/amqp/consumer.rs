//! Takes commands of one kind from their queue. A message is acknowledged when its command's outcome is written down:
//! so the broker hands a worker as many as it has places for, and no more.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _};
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use waybill_domain::CommandId;
use waybill_store::StoreError;
use waybill_store::tables::commands::{self, ClaimedCommand, CommandLease};

use super::back_off::BackOff;
use super::link::Link;
use super::trouble::Trouble;
use super::{AmqpOptions, envelope, topology};
use crate::runner::Runner;
use crate::shared::Shared;

/// Commands claimed in one transaction, at the most.
const BATCH: usize = 64;
const AFTER_FAILURE: Duration = Duration::from_secs(1);

pub(crate) struct Consumer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) runner: Runner,
    pub(crate) kind: &'static str,
    pub(crate) concurrency: u32,
    pub(crate) link: Link,
    pub(crate) options: AmqpOptions,
}

impl Consumer {
    pub(crate) async fn run(self, stopping: CancellationToken) {
        let working = TaskTracker::new();
        // Work goes on when its channel is gone: the next one must not bring twice as much.
        let slots = Arc::new(Semaphore::new(self.concurrency.max(1) as usize));
        let mut pauses = BackOff::default();
        while !stopping.is_cancelled() {
            let connection = tokio::select! {
                connection = self.link.connection() => connection,
                () = stopping.cancelled() => break,
            };
            let Some(connection) = connection else { break };
            match self.session(&connection, &working, &slots, &stopping, &mut pauses).await {
                Ok(()) => break,
                Err(error) => tracing::warn!(kind = self.kind, %error, "taking commands was interrupted"),
            }
            tokio::select! {
                () = tokio::time::sleep(pauses.next(&*self.shared.entropy)) => {}
                () = stopping.cancelled() => break,
            }
        }
        working.close();
        working.wait().await;
    }

    /// Takes commands until the channel fails, or until everything in hand is done after `stopping`.
    async fn session(
        &self,
        connection: &Connection,
        working: &TaskTracker,
        slots: &Arc<Semaphore>,
        stopping: &CancellationToken,
        pauses: &mut BackOff,
    ) -> Result<(), Trouble> {
        topology::provide_dead(connection, &self.options).await?;
        topology::provide_commands(connection, &self.options, self.kind).await?;
        let queue = topology::commands(&self.options, self.kind);
        let channel = connection.create_channel().await?;
        let prefetch = u16::try_from(self.concurrency.max(1)).unwrap_or(u16::MAX);
        channel.basic_qos(prefetch, BasicQosOptions::default()).await?;
        let mut messages = channel
            .basic_consume(
                queue.as_str().into(),
                "".into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await?;
        let tag = messages.tag();
        loop {
            let slot = tokio::select! {
                slot = Arc::clone(slots).acquire_owned() => slot,
                () = stopping.cancelled() => break,
            };
            let Ok(slot) = slot else { break };
            let mut free = vec![slot];
            let first = tokio::select! {
                message = messages.next() => message.ok_or_else(|| Trouble::Cancelled(queue.clone()))??,
                () = stopping.cancelled() => break,
            };
            pauses.reset();
            let mut batch = vec![first];
            while batch.len() < BATCH
                && let Ok(slot) = Arc::clone(slots).try_acquire_owned()
                && let Some(Some(message)) = messages.next().now_or_never()
            {
                free.push(slot);
                batch.push(message?);
            }
            if !self.take(batch, free, working, stopping).await {
                break;
            }
        }
        end(&channel, tag, working).await
    }

    /// Claims the commands of some messages and starts to work on them; false when it is to stop before it could.
    async fn take(
        &self,
        batch: Vec<Delivery>,
        mut free: Vec<OwnedSemaphorePermit>,
        working: &TaskTracker,
        stopping: &CancellationToken,
    ) -> bool {
        let mut messages: HashMap<CommandId, Delivery> = HashMap::with_capacity(batch.len());
        for message in batch {
            match envelope::command_id(&message) {
                Some(id) => {
                    if let Some(double) = messages.insert(id, message) {
                        acknowledge(&double).await;
                    }
                }
                None => reject(&message).await,
            }
        }
        let ids: Vec<_> = messages.keys().copied().collect();
        let Some(claimed) = self.claim(ids, stopping).await else { return false };
        for command in claimed {
            if let Some(message) = messages.remove(&command.id) {
                let work = self.runner.clone().run(command);
                let slot = free.pop();
                working.spawn(async move {
                    work.await;
                    drop(slot);
                    acknowledge(&message).await;
                });
            }
        }
        // Nothing to do for these: somebody has them, they are done, or whoever publishes looks after them.
        for message in messages.values() {
            acknowledge(message).await;
        }
        true
    }

    /// Tries until the database answers: the broker would only hand the messages to others who cannot claim either.
    async fn claim(&self, ids: Vec<CommandId>, stopping: &CancellationToken) -> Option<Vec<ClaimedCommand>> {
        loop {
            let lease = CommandLease { token: self.shared.token(), length: self.shared.options.lease };
            let work = (self.kind, ids.clone(), lease);
            let claim = self.shared.store.write("commands::claim_named", work, |tx, (kind, ids, lease)| {
                Box::pin(commands::claim_named(tx, kind, ids, lease))
            });
            let error: StoreError = match claim.await {
                Ok(claimed) => return Some(claimed),
                Err(error) => error,
            };
            self.shared.tell(&error, Some(self.kind), "commands could not be claimed");
            tokio::select! {
                () = tokio::time::sleep(AFTER_FAILURE) => {}
                () = stopping.cancelled() => return None,
            }
        }
    }
}

/// Takes nothing more, lets the work in hand finish, and gives back what was not begun.
async fn end(
    channel: &Channel,
    tag: lapin::types::ShortString,
    working: &TaskTracker,
) -> Result<(), Trouble> {
    channel.basic_cancel(tag, BasicCancelOptions::default()).await?;
    working.close();
    working.wait().await;
    channel.close(200, "the service ends".into()).await?;
    Ok(())
}

async fn acknowledge(message: &Delivery) {
    match message.ack(BasicAckOptions::default()).await {
        Ok(true) => {}
        // It comes again and finds nothing to do.
        Ok(false) => tracing::debug!("a message could not be acknowledged"),
        Err(error) => tracing::debug!(%error, "a message could not be acknowledged"),
    }
}

/// To the dead letters.
async fn reject(message: &Delivery) {
    tracing::error!(alarm = "dead-letter", queue = %message.routing_key, "a message names no command");
    let reject = BasicRejectOptions { requeue: false };
    if let Err(error) = message.reject(reject).await {
        tracing::debug!(%error, "a message could not be rejected");
    }
}
