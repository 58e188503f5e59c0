//! Adding a command, in the transaction of its cause.

use std::time::Duration;

use waybill_domain::{CommandId, Timestamp};

use crate::sql::values;
use crate::{Announcement, StoreError, Tx};

/// A command to be done.
#[derive(Debug, Clone)]
pub struct NewCommand {
    /// Its id, time-ordered.
    pub id: CommandId,
    /// What kind of work it is.
    pub kind: &'static str,
    /// Ids and codes, JSON. Never personal data.
    pub body: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// How long to wait before it is handed out.
    pub delay: Duration,
    /// Commands of one kind with the same key belong together.
    pub group_key: Option<String>,
    /// For how long later commands of the group wait until this one is finished.
    pub holds_for: Option<Duration>,
    /// Trace context of the cause.
    pub traceparent: Option<String>,
    /// Set when whoever adds the command starts on it at once.
    pub lease: Option<CommandLease>,
}

impl NewCommand {
    /// A command that is due at once and belongs to no group.
    pub fn new(id: CommandId, kind: &'static str, body: String, created_at: Timestamp) -> Self {
        let delay = Duration::ZERO;
        Self {
            id,
            kind,
            body,
            created_at,
            delay,
            group_key: None,
            holds_for: None,
            traceparent: None,
            lease: None,
        }
    }

    /// Handed out after a delay.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// One of a group.
    #[must_use]
    pub fn in_group(mut self, key: impl ToString) -> Self {
        self.group_key = Some(key.to_string());
        self
    }

    /// Holds later commands of its group back until it is done, for so long at the most.
    #[must_use]
    pub fn holding(mut self, length: Duration) -> Self {
        self.holds_for = Some(length);
        self
    }

    /// Already being worked on by whoever adds it.
    #[must_use]
    pub fn leased(mut self, lease: CommandLease) -> Self {
        self.lease = Some(lease);
        self
    }

    /// Continues the trace of its cause.
    #[must_use]
    pub fn traced(mut self, traceparent: Option<String>) -> Self {
        self.traceparent = traceparent;
        self
    }
}

/// A temporary right to work on a command.
#[derive(Debug, Clone)]
pub struct CommandLease {
    /// Proves who holds it.
    pub token: String,
    /// When it ends, from now.
    pub length: Duration,
}

/// Adds a command.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &mut Tx, new: &NewCommand) -> Result<(), StoreError> {
    let status = if new.lease.is_some() { "PROCESSING" } else { "CREATED" };
    let lease_length = new.lease.as_ref().map(|lease| lease.length);
    let announced = tx.announces() && new.lease.is_none() && new.delay.is_zero();
    tx.execute(
        "/* commands::insert */ INSERT INTO commands (command_id, command_type, command_body, status, created_at,
           due_at, published_at, group_key, holds_until, traceparent, lease_token, lease_until, attempts)
         VALUES (?, ?, ?, ?, ?, {now+ms}, CASE WHEN ? = 1 THEN {now} END, ?, {now+ms}, ?, ?, {now+ms}, ?)",
        values![
            new.id,
            new.kind,
            &new.body,
            status,
            new.created_at,
            new.delay,
            u32::from(announced),
            &new.group_key,
            new.holds_for,
            &new.traceparent,
            new.lease.as_ref().map(|lease| &lease.token),
            lease_length,
            u32::from(new.lease.is_some()),
        ],
    )
    .await?;
    if announced {
        tx.note_announcement(Announcement {
            id: new.id,
            kind: new.kind,
            traceparent: new.traceparent.clone(),
        });
    } else if new.lease.is_none() {
        tx.note_command(new.kind); // also when it is delayed: it may be due before whoever sleeps would wake
    }
    Ok(())
}
