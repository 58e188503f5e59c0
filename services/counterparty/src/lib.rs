//! Everything that goes to other VASPs or comes from them.
#![deny(missing_docs)]

mod back_off;
pub mod backend;
mod health;
mod inbound;
pub mod outbound;
pub mod peers;
mod self_flow;
mod start;
mod unusable;

pub use inbound::router;
pub use start::start;
