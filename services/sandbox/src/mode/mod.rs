//! The switch that makes a backend misbehave whatever it is sent.

mod modes;
mod routes;

pub(crate) use modes::Modes;
pub(crate) use routes::{get, put};
