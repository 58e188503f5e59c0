//! The client against real sockets on loopback.

mod addresses;
mod isolation;
mod limits;
mod requests;
mod support;
mod tls;
