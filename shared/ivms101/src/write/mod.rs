//! Strict writers, one style for each dialect.
//!
//! [`verify_vasp`] writes the parts that nodes and backends exchange; [`convert()`] writes whole documents in any
//! dialect, with a list of what is lost.

mod convert;
mod loss;
mod object;
mod party;
mod payload;
mod person;
mod style;
pub mod verify_vasp;
mod writer;

pub use convert::{Conversion, Target, convert};
pub use loss::{Loss, LossReason};
