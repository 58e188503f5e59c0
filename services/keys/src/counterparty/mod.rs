//! Public keys of counterparties.

mod cache;
mod flights;
mod keys;
mod scope;

pub(crate) use keys::CounterpartyKeys;
