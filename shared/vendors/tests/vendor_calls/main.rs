//! Calls to vendors over loopback, limits over real databases, and the poll loop.

mod drain;
mod faults;
mod limits;
mod pauses;
mod poller;
mod support;
mod throttling;
