//! Sealing at rest: what the database and the queue hold of personal data and private keys.

mod error;
mod names;
mod parse;
mod place;
mod ring;

pub use error::{KeyringError, OpenError};
pub use place::Place;
pub use ring::Keyring;
