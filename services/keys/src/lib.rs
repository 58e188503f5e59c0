//! Which key, for whom, and for how long: makes our own pairs, decides when a counterparty's key is fetched, and keeps it.
#![deny(missing_docs)]

mod address;
mod counterparty;
mod database;
mod housekeeping;
mod lifetimes;
mod own;
mod service;
mod start;

pub use housekeeping::{Cleaned, Housekeeping};
pub use lifetimes::Lifetimes;
pub use service::KeysService;
pub use start::start;
