//! The service on the embedded bus, over a real database file.

mod at_rest;
mod counterparty_keys;
mod own_keys;
mod support;
