//! The journal: what each backend and each vendor was sent, one JSON line each, kept over restarts.

mod entry;
mod index;
mod keep;
mod owner;
mod read;
mod routes;
mod shared_index;
mod writer;

pub(crate) use entry::Entry;
pub(crate) use keep::Journal;
pub use keep::{JournalKeeping, OpenError};
pub(crate) use owner::{Owner, Topic};
pub(crate) use routes::{count, list};
