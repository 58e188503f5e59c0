//! The words of a description.

mod operation;
mod refusals;
mod schema;

pub use operation::{Answer, Operation};
pub use schema::{Field, Schema, field, optional};

pub(crate) use schema::Named;
