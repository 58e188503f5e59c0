//! The service against a vendor that is strict, and faulty where a test wants it.

mod automatic;
mod faults;
mod house;
mod outage;
mod polling;
mod refusals;
mod results;
mod sharing;
mod vendor;
