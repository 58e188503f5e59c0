//! The service on the embedded bus, over a real database file.

mod counterparty_keys;
mod housekeeping;
mod own_keys;
mod support;
