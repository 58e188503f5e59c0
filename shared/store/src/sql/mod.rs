//! Statements, values and rows without a driver's types, so that a table's code serves every database.

mod bind;
mod connection;
mod dialect;
mod row;
mod trouble;
mod tx;
mod value;

pub(crate) use connection::{Connection, STATEMENTS};
pub(crate) use dialect::Dialect;
pub(crate) use row::Row;
pub(crate) use trouble::Trouble;
pub use tx::Tx;
pub(crate) use value::{Value, listed, listed_texts, values};
