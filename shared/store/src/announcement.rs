//! Telling of new commands right after the commit that added them.

use waybill_domain::CommandId;

/// A command that was just added and is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Its id.
    pub id: CommandId,
    /// What kind of work it is.
    pub kind: &'static str,
    /// Trace context of the cause.
    pub traceparent: Option<String>,
}

/// Publishes commands as soon as they are committed, which spares a look into the database.
pub trait Announcer: Send + Sync + 'static {
    /// Whether it takes announcements now. Commands that are added while it does count as published.
    fn is_ready(&self) -> bool;

    /// Takes over commands whose commit returned. It sees to it that they are published, or takes the mark back
    /// (`tables::commands::unpublish`).
    fn announce(&self, commands: Vec<Announcement>);
}
