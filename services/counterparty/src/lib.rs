//! Everything that goes to other VASPs or comes from them.
#![deny(missing_docs)]

pub mod backend;
mod health;
mod inbound;
pub mod outbound;
pub mod peers;
mod start;
mod traced;

pub use inbound::router;
pub use start::start;
