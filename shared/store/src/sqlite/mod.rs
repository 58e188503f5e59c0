//! SQLite: one writer that groups commits, a few readers, write-ahead log, synchronous=FULL.

mod open;
#[cfg(test)]
mod plans;
mod readers;
#[cfg(test)]
mod screening_plans;
mod writer;

#[cfg(test)]
pub(crate) use open::step_names;
pub(crate) use open::{missing, prepare};
pub(crate) use readers::Readers;
pub(crate) use writer::Writer;
