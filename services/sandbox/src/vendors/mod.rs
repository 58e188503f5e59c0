//! Stand-ins for the vendors: Chainalysis KYT, Chainalysis' Sanctions API, World-Check One. They refuse what the
//! vendors refuse, take as long as the vendors take, and fail when they are told to.

mod answer;
mod asked;
mod bounded;
mod chainalysis_kyt;
mod chainalysis_sanction;
mod control;
mod counts;
mod decimal;
mod gzip;
mod ids;
mod keys;
mod magic;
mod mode;
mod options;
mod receive;
mod refuse;
mod routes;
mod settings;
mod spoil;
mod state;
mod switches;
mod tables;
mod times;
mod vendor;
mod window;
mod world_check;

pub(crate) use magic::is_magic_address;
pub use options::{VendorDelays, VendorKeys, VendorLimits, Vendors};
pub(crate) use routes::{add, known};
pub(crate) use state::Playing;
pub use tables::{vendor_addresses_table, vendor_faults_table, vendor_names_table};
pub use vendor::Vendor;
