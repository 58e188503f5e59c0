//! Sealing at rest: what the database and the queue hold of personal data and private keys.

mod parse;
mod place;
mod ring;

pub use parse::KeyringError;
pub use place::Place;
pub use ring::{Keyring, OpenError};
