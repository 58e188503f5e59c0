//! The Sanctions API: is an address on a list? Answered while the caller waits.

mod client;
mod command;
mod look_up;
mod request;
mod start;
mod wire;

pub(crate) use client::X_API_KEY;
pub(crate) use start::start;
