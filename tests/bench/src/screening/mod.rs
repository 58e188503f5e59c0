//! Screening: workers, each a process, that ask a vendor.

mod arrivals;
mod rows;
mod run;
mod vendor;

pub use run::run;
