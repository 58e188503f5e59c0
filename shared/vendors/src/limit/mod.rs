//! Limits that vendors set to our calls.
//!
//! A limit is a schedule of slots in the database, one row for each credential. A process takes as many slots as it has
//! callers waiting, in one transaction by the database's clock, and makes each call at its slot or within a small tolerance
//! after it. So there are never more calls in any window than allowed, whoever makes them, and a restart forgets nothing.

mod driver;
mod queue;
mod sight;
mod slot;
mod state;
mod turns;

pub(crate) use slot::Slot;
pub use turns::{Limit, NoTurn, Priority};
