//! The loop that works on rows that are due.

mod handle;
mod options;
mod poller;
mod rounds;
mod turn;

pub use handle::PollerHandle;
pub use options::PollOptions;
pub use poller::{Backlog, Poll, poll, poll_over};
