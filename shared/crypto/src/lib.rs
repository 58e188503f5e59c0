//! Sealing for counterparties, sealing at rest, keyring, identity keys, callback signatures.
//!
//! No IO and no clock. Randomness comes in as [`waybill_domain::Entropy`].
#![deny(missing_docs)]

mod identity;
mod keyring;
mod length_prefixed;
mod sealed_box;
mod text;
mod token;
mod webhook;

#[cfg(test)]
mod test_entropy;

pub use identity::{BadSignature, IdentityKey, VerifyingKey};
pub use keyring::{FingerprintKey, Keyring, KeyringEntries, KeyringEntry, KeyringError, OpenError, Place};
pub use length_prefixed::length_prefixed;
pub use sealed_box::{
    BoxError, EncryptionKeyPair, EncryptionPrivateKey, EncryptionPublicKey, SealedBox, open, seal_to,
};
pub use text::KeyError;
pub use token::{ApiToken, TokenError, TokenHash};
pub use webhook::{WebhookSecretError, WebhookSecrets};
