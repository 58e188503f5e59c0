//! Sealing for counterparties, sealing at rest, keyring, identity keys, callback signatures.
