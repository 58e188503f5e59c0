//! Everything that goes to other VASPs or comes from them.
#![deny(missing_docs)]

mod health;
pub mod outbound;
pub mod peers;
mod start;

pub use start::start;
