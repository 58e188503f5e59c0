//! World-Check One: a case for each person of the counterparty, its screening, its results.
#![deny(missing_docs)]

mod api;
mod automatic;
mod cases;
mod pacing;
mod poll;
mod request;
mod service;
mod settle;
mod start;
mod subject;
mod summary;

pub use pacing::Pacing;
pub use start::{start, start_with};
