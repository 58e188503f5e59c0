//! Credentials that may change while the node runs.

mod follow;
mod renewed;

pub use follow::renewed;
pub use renewed::Renewed;
