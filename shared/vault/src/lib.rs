//! Seals and opens the columns and bus fields that hold personal data or private keys, each bound to its place.
#![deny(missing_docs)]

mod vault;

pub use vault::{Column, ScreeningColumn, Vault, VaultError};
