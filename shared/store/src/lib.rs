//! The only crate with SQL: one interface over the databases that a node can run on.
//!
//! Work is done in named transactions: [`Store::write`] and [`Store::read`] hand a [`Tx`] to a closure,
//! and the functions in [`tables`] are what the closure calls. A closure may run more than once
//! before its transaction commits, so it must do nothing but database work.
#![deny(missing_docs)]

mod announcement;
mod error;
mod options;
mod server;
mod signals;
mod sql;
mod sqlite;
mod store;
pub mod tables;

pub use announcement::{Announcement, Announcer};
pub use error::StoreError;
pub use options::{ServerOptions, ServerTls, StoreOptions};
pub use sql::Tx;
pub use store::{Store, TxFuture};
