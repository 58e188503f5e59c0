//! Chainalysis KYT: what is asked, how it is registered, and how its result is fetched.

mod assess;
mod categories;
mod client;
mod command;
mod error;
mod gate;
mod late;
mod look;
mod poll;
mod record;
mod request;
mod service;
mod start;
mod subject;
mod take_on;
mod wire;

pub(crate) use client::TOKEN;
pub(crate) use start::start;
