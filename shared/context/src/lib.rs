//! What every service is given when it starts, and what several of them do with a row.
#![deny(missing_docs)]

mod context;
mod parties;

pub use context::{Context, SharedContext};
pub use parties::{Parties, UnreadableParty};
