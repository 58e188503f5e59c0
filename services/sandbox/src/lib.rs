//! Stand-ins for what cannot be had here: the backends of two VASPs with known customers and the APIs of vendors, a
//! journal of what they were sent, and inputs and switches that make them refuse or misbehave.
#![deny(missing_docs)]

mod account;
mod callback;
mod catalogue;
mod connection;
mod customers;
mod denial;
mod endpoint;
mod fields;
mod journal;
mod magic;
mod misbehaviour;
mod mode;
mod options;
mod receive;
mod reply;
mod sandbox;
mod serve;
mod state;
mod token;
mod transaction;
mod vendors;
mod verification;

pub use catalogue::{Case, cases, customers_table, magic_table};
pub use endpoint::Endpoint;
pub use journal::{JournalKeeping, OpenError};
pub use options::{Backend, CustomerSet, OUR_VASP, Options, ROBOT_VASP};
pub use sandbox::Sandbox;
pub use serve::run;
pub use token::Token;
pub use vendors::{
    Vendor, VendorDelays, VendorKeys, VendorLimits, Vendors, vendor_addresses_table, vendor_faults_table,
    vendor_names_table,
};
