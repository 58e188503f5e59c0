//! One VASP whose services are processes, several of each, against a node in one process; all servers are their own, and
//! proxies stand in every line.

mod callbacks;
mod service;
mod system;

pub use callbacks::{Arrival, Callbacks};
pub use service::Service;
pub use system::{Fleet, Lines, SERVICES};
