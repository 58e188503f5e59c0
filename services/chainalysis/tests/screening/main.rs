//! The service against a vendor that speaks both APIs, well or badly.

mod automatic;
mod crash;
mod house;
mod kyt_faults;
mod kyt_late;
mod kyt_polling;
mod kyt_requests;
mod kyt_sharing;
mod sanction_faults;
mod sanctions;
mod seed_example;
mod several_pollers;
mod vendor;
mod verification;
