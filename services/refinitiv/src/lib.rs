//! World-Check One: a case for each person of the counterparty, its screening, its results.
#![deny(missing_docs)]

mod api;
mod automatic;
mod cases;
mod pacing;
mod poll;
mod probe;
mod request;
mod service;
mod settle;
mod start;
mod subject;
mod summary;

pub use pacing::Pacing;
pub use probe::probe;
pub use start::{start, start_with};
