//! How far a transfer is: the backend's answer, and the switch that says so.

mod status;
mod switch;
mod transfers;

pub(crate) use status::status;
pub(crate) use switch::put;
pub(crate) use transfers::Transfers;
