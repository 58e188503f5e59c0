//! Statements, values and rows without a driver's types, so that a table's code serves every database.

mod dialect;
mod row;
mod tx;
mod value;

pub(crate) use row::Row;
pub(crate) use tx::Connection;
pub use tx::Tx;
pub(crate) use value::{Value, values};
