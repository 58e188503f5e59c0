//! Which key, for whom, and for how long: makes our own pairs, decides when a counterparty's key is fetched, and keeps it.
#![deny(missing_docs)]

mod address;
pub mod at_rest;
mod counterparty;
mod database;
mod own;
mod service;
mod start;

pub use service::KeysService;
pub use start::{start, watch_keyring};
