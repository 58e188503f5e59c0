//! World-Check One: a case for each person of the counterparty, its screening, its results.
#![deny(missing_docs)]

mod api;
mod subject;
mod summary;
