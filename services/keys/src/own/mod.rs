//! Our own key pairs.

mod identifier;
mod keys;

pub(crate) use keys::OwnKeys;
