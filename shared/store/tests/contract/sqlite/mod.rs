//! What a SQLite file adds to the contract.

mod enclave_tables;
mod file;
mod migrations;

pub use file::{File, house};
