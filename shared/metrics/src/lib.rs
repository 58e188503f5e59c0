//! What the node counts and measures. Services call the functions here and know nothing of who reads the figures: without
//! an exporter they cost next to nothing. Labels are bounded sets: kinds, codes, VASP ids; never addresses or uuids.
#![deny(missing_docs)]

mod catalogue;
mod commands;
mod database;
mod egress;
mod exporter;
mod http;
mod process;
mod vendors;
mod verifications;

pub use catalogue::{ALL, Kind, Metric, table};
pub use commands::{
    Waiting, command_kind, command_worked, dead_letters, leases_expired, queue_messages, waiting,
};
pub use database::database_worked;
pub use egress::{breaker, called, member};
pub use exporter::{Exporter, ExporterError};
pub use http::answered;
pub use process::{broker_up, database_up, directory, started};
pub use vendors::{
    poller_due, poller_looked, poller_rows, screening_ended, vendor_paused, vendor_turn, vendor_turn_waited,
};
pub use verifications::{callback_attempted, callback_delivered, callback_given_up, verification_ended};
