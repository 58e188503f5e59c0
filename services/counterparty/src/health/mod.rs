//! Whether the other members' nodes answer. For show only: a member that is down still gets its messages.

mod poll;
mod standing;
mod watch;

pub(crate) use watch::watch_members;
