//! Risk assessment with Chainalysis: sanctions lists, and KYT for addresses and transactions.
//!
//! No failure of the vendor is ever read as "nothing found": what has no readable answer waits, or ends as an error.
#![deny(missing_docs)]

mod alone;
mod callback;
mod credential;
mod kyt;
mod probe;
mod reason;
mod request_id;
mod sanction;
mod segment;
mod start;
mod verification;

pub use probe::{kyt_probe, sanction_probe};
pub use start::start;
