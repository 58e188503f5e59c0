//! The port for whoever runs the process: is it alive, is it ready, what does it count.

mod gauges;
mod routes;
mod server;
mod status;

pub use server::Admin;
