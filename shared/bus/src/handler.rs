//! What a service writes to do a kind of work.

use std::time::Duration;

use async_trait::async_trait;
use waybill_domain::{CommandId, Timestamp};
use waybill_jobs::Command;
use waybill_store::tables::commands::{self, ClaimedCommand};
use waybill_store::{StoreError, Tx};

use crate::ending::SharedEnding;

/// Does one kind of work. Called again for the same command after a crash or an expired lease, so its effect must
/// be safe to repeat.
#[async_trait]
pub trait CommandHandler<C: Command>: Send + Sync + 'static {
    /// Works on a command, within the trace of its cause (`waybill_runtime::Traceparent::current`).
    ///
    /// # Errors
    /// A failure of the database; the command is handed out again.
    async fn handle(&self, command: C, claim: &Claim) -> Result<Outcome, StoreError>;
}

/// What is to become of the command. The handler decides, not the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The handler called [`Claim::finish`] in the transaction of its effect.
    Finished,
    /// Nothing to do: the bus finishes it.
    Done,
    /// Hand it out again.
    Retry {
        /// After this time.
        after: Duration,
        /// Why, without personal data.
        why: String,
    },
    /// Give it up, with an alarm.
    Dead {
        /// Why, without personal data.
        why: String,
    },
}

impl Outcome {
    /// Hand it out again after a time.
    pub fn retry(after: Duration, why: impl Into<String>) -> Self {
        Self::Retry { after, why: why.into() }
    }

    /// Give it up.
    pub fn dead(why: impl Into<String>) -> Self {
        Self::Dead { why: why.into() }
    }
}

/// The right to work on a command, for the length of its lease.
#[derive(Debug, Clone)]
pub struct Claim {
    command: ClaimedCommand,
    ending: SharedEnding,
}

impl Claim {
    /// A claim on a command that was added with a lease by whoever starts on it at once.
    pub fn of_leased(command: ClaimedCommand) -> Self {
        Self::tracked(command, SharedEnding::default())
    }

    /// A claim that notes in `ending` what is done to the command.
    pub(crate) fn tracked(command: ClaimedCommand, ending: SharedEnding) -> Self {
        Self { command, ending }
    }

    pub(crate) fn body(&self) -> &str {
        &self.command.body
    }

    /// The command's id.
    pub fn id(&self) -> CommandId {
        self.command.id
    }

    /// How often it was handed out, this time included.
    pub fn attempts(&self) -> u32 {
        self.command.attempts
    }

    /// When it was added.
    pub fn created_at(&self) -> Timestamp {
        self.command.created_at
    }

    /// The group it belongs to.
    pub fn group_key(&self) -> Option<&str> {
        self.command.group_key.as_deref()
    }

    /// Trace context of the cause.
    pub fn traceparent(&self) -> Option<&str> {
        self.command.traceparent.as_deref()
    }

    /// Why it was given back last.
    pub fn last_error(&self) -> Option<&str> {
        self.command.last_error.as_deref()
    }

    /// Finishes the command, in the transaction of the effect.
    ///
    /// # Errors
    /// [`StoreError::GuardLost`] when the lease was lost: let the transaction fail with it.
    pub async fn finish(&self, tx: &mut Tx) -> Result<(), StoreError> {
        self.ending.done();
        commands::finish(tx, &self.command).await
    }

    /// Gives the command up, in the transaction of what follows from that.
    ///
    /// # Errors
    /// [`StoreError::GuardLost`] when the lease was lost.
    pub async fn fail(&self, tx: &mut Tx, why: &str) -> Result<(), StoreError> {
        self.ending.dead();
        commands::fail(tx, &self.command, why).await
    }

    /// Gives the command back, in the transaction of what was achieved so far.
    ///
    /// # Errors
    /// [`StoreError::GuardLost`] when the lease was lost.
    pub async fn retry(&self, tx: &mut Tx, after: Duration, why: &str) -> Result<(), StoreError> {
        self.ending.retried();
        commands::retry(tx, &self.command, after, why).await
    }

    /// Lets later commands of the group pass this one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_hold(&self, tx: &mut Tx) -> Result<(), StoreError> {
        commands::release_hold(tx, self.command.kind, self.command.id).await
    }

    /// Whether an earlier command of the group is not done yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_out_of_order(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        match &self.command.group_key {
            Some(group_key) => {
                commands::is_held_back(tx, self.command.id, self.command.kind, group_key).await
            }
            None => Ok(false),
        }
    }
}
