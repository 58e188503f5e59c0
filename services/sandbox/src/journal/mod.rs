//! The journal: what each backend was sent, one JSON line each, kept over restarts.

mod entry;
mod index;
mod keep;
mod read;
mod routes;
mod shared_index;
mod writer;

pub(crate) use entry::Entry;
pub(crate) use keep::Journal;
pub use keep::{JournalKeeping, OpenError};
pub(crate) use routes::{count, list};
