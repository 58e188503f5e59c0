//! What a SQLite file adds to the contract.

mod file;
mod grouping;
mod migrations;

pub use file::{File, house};
