//! Sealing at rest: what the database and the queue hold of personal data and private keys.

mod entries;
mod error;
mod fingerprint;
mod names;
mod parse;
mod place;
mod ring;

pub use entries::{KeyringEntries, KeyringEntry};
pub use error::{KeyringError, OpenError};
pub use fingerprint::FingerprintKey;
pub use place::Place;
pub use ring::Keyring;
