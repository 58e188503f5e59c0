//! The service on the embedded bus, over a real database file, with a small backend on loopback.

mod answers;
mod backend;
mod bodies;
mod crash;
mod operate;
mod order;
mod retries;
mod screening;
mod support;
